"""For how long a reply may be kept, with replies that dnspython writes."""

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from tests import speeds

SOA = "ns1.example.com. hostmaster.example.com. 1 7200 3600 604800"


def reply(
    answer: list[str] | None = None, authority: list[str] | None = None, rcode: int = 0, flags: int = 0
) -> memoryview:
    message = dns.message.make_response(dns.message.make_query("www.example.com", "A"))
    message.answer = [_rrset(line) for line in answer or []]
    message.authority = [_rrset(line) for line in authority or []]
    message.set_rcode(dns.rcode.Rcode(rcode))
    message.flags |= flags
    return memoryview(message.to_wire())


def _rrset(line: str) -> dns.rrset.RRset:
    name, ttl, rdclass, rdtype, text = line.split(None, 4)
    return dns.rrset.from_text(name, int(ttl), rdclass, rdtype, text)


def lifetime(given: memoryview) -> int:
    seconds: int = speeds.running.the("serve.freshness").lifetime(given)
    return seconds


@pytest.mark.usefixtures("speed")
@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (reply(["www.example.com. 300 IN A 192.0.2.1"]), 300),
        (reply(["www.example.com. 300 IN CNAME a.b.", "a.b. 20 IN A 192.0.2.1"], ["a.b. 5 IN NS ns."]), 20),
        (reply(["www.example.com. 0 IN A 192.0.2.1"]), 0),
        (reply([], [f"example.com. 300 IN SOA {SOA} 60"], rcode=3), 60),
        (reply([], [f"example.com. 30 IN SOA {SOA} 60"]), 30),
        (reply([], ["a.b. 5 IN NS ns.", f"example.com. 300 IN SOA {SOA} 60"]), 60),
        (reply([], ["sub.example.com. 300 IN NS ns.sub.example.com."]), 0),
        (reply(["www.example.com. 300 IN A 192.0.2.1"], rcode=2), 0),
        (reply(["www.example.com. 300 IN A 192.0.2.1"], flags=dns.flags.TC), 0),
        (reply(rcode=5), 0),
    ],
    ids=["one", "the smallest", "none", "no name", "no type", "behind others", "referral", "fault", "cut", "refused"],
)
def test_a_reply_may_be_kept_for_as_long_as_its_answer_holds(given: memoryview, seconds: int) -> None:
    assert lifetime(given) == seconds


@pytest.mark.usefixtures("speed")
def test_a_reply_that_is_not_whole_may_not_be_kept() -> None:
    whole = reply([], ["a.b. 5 IN NS ns.", f"example.com. 300 IN SOA {SOA} 60"])
    assert {lifetime(whole[:size]) for size in range(len(whole))} == {0}
