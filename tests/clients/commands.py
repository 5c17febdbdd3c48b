"""What is asked with dig, kdig, drill and delv, and lines that their output has to have.

@4, @6 become the server's address and port. A line of `shows` has to be a part of what is printed, with runs of
blanks as one; one of `hides` must not be.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    command: str
    shows: Sequence[str]
    hides: Sequence[str] = ()

    @property
    def program(self) -> str:
        return self.command.split()[0]


ANSWER = "www.asked.example. 3600 IN A 192.0.2.80"
AAAA = "www.asked.example. 3600 IN AAAA 2001:db8::80"
ALIAS = "alias.asked.example. 3600 IN CNAME www.asked.example."
SOA = "asked.example. 300 IN SOA ns1.asked.example. hostmaster.asked.example. 1 7200 3600 1209600 300"

COMMANDS = (
    # dig, BIND's
    Asked(command="dig @4 www.asked.example", shows=["status: NOERROR", "flags: qr aa rd;", "(UDP)", ANSWER]),
    Asked(command="dig @4 www.asked.example +norec +tcp", shows=["flags: qr aa;", "(TCP)", ANSWER]),
    Asked(command="dig @6 www.asked.example AAAA +norec", shows=["SERVER: ::1#", AAAA]),
    Asked(command="dig @6 www.asked.example +tcp", shows=["SERVER: ::1#", "(TCP)", ANSWER]),
    Asked(command="dig @4 alias.asked.example", shows=["ANSWER: 2,", ALIAS, ANSWER]),
    Asked(command="dig @4 gone.asked.example", shows=["status: NXDOMAIN", "flags: qr aa", SOA]),
    Asked(command="dig @4 www.asked.example MX", shows=["status: NOERROR", "ANSWER: 0,", SOA]),
    Asked(command="dig @4 x.y.any.asked.example TXT +short", shows=['"of the wildcard"']),
    Asked(
        command="dig @4 x.cut.asked.example +norec",
        shows=["flags: qr;", "cut.asked.example. 3600 IN NS ns.cut.asked.example.", "IN A 192.0.2.6"],
    ),
    Asked(command="dig @4 svc.asked.example HTTPS +short", shows=['1 . alpn="h2,h3"']),
    Asked(command="dig @4 elsewhere.example", shows=["status: REFUSED", "ANSWER: 0,"]),
    Asked(command="dig @4 WwW.AsKeD.eXaMpLe", shows=[";WwW.AsKeD.eXaMpLe. IN A", "WwW.AsKeD.eXaMpLe. 3600 IN A"]),
    Asked(
        command="dig @4 www.asked.example +subnet=192.0.2.0/24 +qr",
        shows=["CLIENT-SUBNET: 192.0.2.0/24/0", ";; Sending:", ANSWER],
    ),
    Asked(command="dig @4 www.asked.example +subnet=2001:db8::/32", shows=["CLIENT-SUBNET: 2001:db8::/32/0", ANSWER]),
    Asked(command="dig @4 www.asked.example +subnet=0", shows=["CLIENT-SUBNET: 0.0.0.0/0/0", ANSWER]),
    Asked(command="dig @4 www.asked.example +nsid +cookie", shows=["EDNS: version: 0", ANSWER]),
    Asked(command="dig @4 www.asked.example +dnssec +cdflag", shows=["flags: do;", ANSWER], hides=["RRSIG"]),
    Asked(command="dig @4 www.asked.example +bufsize=512", shows=["udp: 1232", ANSWER]),
    Asked(command="dig @4 www.asked.example +noedns", shows=["ADDITIONAL: 0", ANSWER], hides=["EDNS:"]),
    Asked(command="dig @4 www.asked.example +ednsopt=65001:0102 +ednsflags=0x4000", shows=["flags:;", ANSWER]),
    Asked(command="dig @4 www.asked.example +edns=1 +noednsneg", shows=["status: BADVERS", "version: 0", "ANSWER: 0,"]),
    Asked(command="dig @4 www.asked.example +edns=1", shows=["BADVERS, retrying with EDNS version 0", ANSWER]),
    Asked(command="dig @4 www.asked.example +padding=128", shows=["status: NOERROR", ANSWER]),
    Asked(command="dig @4 www.asked.example +tcp +keepalive", shows=["status: NOERROR", ANSWER]),
    Asked(command="dig @4 big.asked.example +bufsize=1232 +ignore", shows=["flags: qr aa tc", "ANSWER: 0,"]),
    Asked(command="dig @4 big.asked.example", shows=["Truncated, retrying in TCP mode", "ANSWER: 120,", "(TCP)"]),
    Asked(command="dig @4 big.asked.example +bufsize=4096 +ignore", shows=["flags: qr aa tc"]),  # never more than 1232
    Asked(command="dig @4 www.asked.example +opcode=2", shows=["opcode: STATUS, status: NOTIMP"]),
    Asked(command="dig @4 www.asked.example ANY +ignore +notcp", shows=["status: NOERROR", "ANSWER: 1,"]),
    Asked(command="dig @4 asked.example SOA +multiline", shows=["1 ; serial", "300 ; minimum"]),
    # kdig, Knot's
    Asked(command="kdig @4 www.asked.example", shows=["status: NOERROR", "Flags: qr aa rd;", "(UDP)", ANSWER]),
    Asked(command="kdig @6 www.asked.example +tcp", shows=["Flags: qr aa rd;", "(TCP)", ANSWER]),
    Asked(
        command="kdig @4 www.asked.example +edns +nsid +bufsize=1232", shows=["Version: 0", "UDP size: 1232", ANSWER]
    ),
    Asked(command="kdig @4 www.asked.example +subnet=192.0.2.0/24", shows=["CLIENT-SUBNET: 192.0.2.0/24/0", ANSWER]),
    Asked(command="kdig @4 www.asked.example +dnssec", shows=["flags: do", ANSWER]),
    Asked(command="kdig @4 www.asked.example +cookie +padding=64", shows=["status: NOERROR", ANSWER]),
    Asked(command="kdig @4 big.asked.example +ignore", shows=["Flags: qr aa tc"]),
    Asked(command="kdig @4 big.asked.example", shows=["ANSWER: 120", "(TCP)"]),
    Asked(command="kdig @4 +tcp +keepopen www.asked.example A www.asked.example AAAA", shows=[ANSWER, AAAA, "(TCP)"]),
    Asked(command="kdig @4 gone.asked.example", shows=["status: NXDOMAIN", SOA]),
    # drill, NLnet Labs'
    Asked(command="drill @4 www.asked.example", shows=["rcode: NOERROR", "flags: qr aa rd ;", ANSWER]),
    Asked(command="drill -t @6 www.asked.example AAAA", shows=["rcode: NOERROR", AAAA]),
    Asked(command="drill -D @4 www.asked.example", shows=["EDNS: version 0; flags: do ;", ANSWER]),
    Asked(command="drill -b 512 @4 big.asked.example", shows=["flags: qr aa tc rd", "ANSWER: 0"]),
    Asked(command="drill -t @4 big.asked.example", shows=["ANSWER: 120"]),
    Asked(command="drill @4 gone.asked.example", shows=["rcode: NXDOMAIN", SOA]),
    # delv, BIND's, which resolves with the library of its resolver
    Asked(command="delv @4 www.asked.example -i", shows=[ANSWER]),
    Asked(command="delv @6 www.asked.example AAAA -i +tcp", shows=[AAAA]),
    Asked(command="delv @4 alias.asked.example -i", shows=[ALIAS, ANSWER]),
    Asked(command="delv @4 big.asked.example -i", shows=["IN A 10.0.0.0", "IN A 10.0.0.119"]),
    Asked(command="delv @4 gone.asked.example -i", shows=["resolution failed: ncache nxdomain"]),
)
