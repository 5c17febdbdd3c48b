"""A name and a family → what resolvers say of it. The only place that asks; no query ever waits for it."""

from collections.abc import Collection, Sequence
from ipaddress import ip_address

import dns.asyncresolver
import dns.exception
import dns.message
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver

from geodns.model.endpoint import Endpoint
from geodns.model.name import Name, lower, show
from geodns.model.pool import Family
from geodns.resolution.outcome import Denied, Failed, Found, Outcome

TRY = 2.0  # seconds for one server
WITHIN = 5.0  # seconds for all of them
PAYLOAD = 1232
NEGATIVE_TTL = 60  # seconds, of a denial that says nothing of its own

_NO_RESOLVER = "there is no resolver in /etc/resolv.conf; name some as 'resolvers' in geodns.yaml"


class Asker:
    """`servers` empty: those of /etc/resolv.conf, which is read anew for each question."""

    def __init__(self, servers: Sequence[Endpoint]) -> None:
        self.servers = tuple(servers)

    def __repr__(self) -> str:
        return f"<Asker {', '.join(map(str, self.servers)) or 'by /etc/resolv.conf'}>"

    async def ask(self, name: Name, family: Family, owners: Collection[Name]) -> Outcome:
        """`owners`: our names that lead to it; where it leads back to one of them, what came is our own answer."""
        try:
            resolver = self._resolver()
            answer = await resolver.resolve(
                dns.name.from_wire(name, 0)[0], family.rtype, raise_on_no_answer=False, search=False, lifetime=WITHIN
            )
        except dns.resolver.NXDOMAIN as denied:
            return _denied("NXDOMAIN", next(iter(denied.kwargs["responses"].values())))
        except dns.resolver.NoResolverConfiguration:
            return Failed(_NO_RESOLVER)
        except dns.exception.Timeout:
            return Failed(f"no resolver answered within {WITHIN:g} s")
        except dns.resolver.NoNameservers as failed:
            return Failed(_last_error(failed))
        except (dns.exception.DNSException, OSError) as error:
            return Failed(str(error) or type(error).__name__)
        return _outcome(answer.response, owners)

    def _resolver(self) -> dns.asyncresolver.Resolver:
        resolver = dns.asyncresolver.Resolver(configure=not self.servers)
        if self.servers:
            resolver.nameservers = [
                dns.nameserver.Do53Nameserver(str(each.address), each.port) for each in self.servers
            ]
        resolver.timeout, resolver.lifetime = TRY, WITHIN
        resolver.use_edns(0, 0, PAYLOAD)
        return resolver


def _outcome(response: dns.message.QueryMessage, owners: Collection[Name]) -> Outcome:
    chain = response.resolve_chaining()
    passed = [lower(rrset[0].target.to_wire() or b"") for rrset in chain.cnames]
    back = next((name for name in passed if name in owners), None)
    if back is not None:
        return Failed(f"it leads back to {show(back)}")
    if not chain.answer:
        return _denied("NODATA", response)
    addresses = tuple(ip_address(rdata.address) for rdata in chain.answer)
    return Found(addresses, chain.minimum_ttl)


def _denied(why: str, response: dns.message.Message) -> Denied:
    """For as long as its SOA says (RFC 2308 §5)."""
    soas = [rrset for rrset in response.authority if rrset.rdtype == dns.rdatatype.SOA]
    return Denied(why, min((min(each.ttl, each[0].minimum) for each in soas), default=NEGATIVE_TTL))


def _last_error(failed: dns.resolver.NoNameservers) -> str:
    """Of the servers that were asked, what the last one came to."""
    errors = failed.kwargs.get("errors") or []
    if not errors:
        return "no resolver is left to ask"
    server, _, port, error, _ = errors[-1]
    where = f"{server.removeprefix('Do53:').rpartition('@')[0]} port {port}"
    return f"{where} says {error}" if isinstance(error, str) else f"{where}: {error or type(error).__name__}"
