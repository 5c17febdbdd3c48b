"""What is answered for names and types: RFC 1034 §4.3.2, RFC 2308, RFC 4592; decoded by dnspython."""

import dns.flags
import pytest

from geodns.answer.terms import MAX_CHAIN, UDP
from geodns.config.master import parse_master
from geodns.model.name import parse_name
from tests.values import member, policy, pool, rrset, rule, zone
from tests.world import Client, addresses, lines, outcome, table_of

EXAMPLE = parse_name("example.")
# RFC 4592 §2.2.1, with subnames of the delegation that the text asks for.
RFC_4592 = zone(
    rrset("@", "NS", "ns.example.com.", "ns.example.net.", origin=EXAMPLE),
    rrset("*", "TXT", '"this is a wildcard"', origin=EXAMPLE),
    rrset("*", "MX", "10 host1", origin=EXAMPLE),
    rrset("sub.*", "TXT", '"this is not a wildcard"', origin=EXAMPLE),
    rrset("host1", "A", "192.0.2.1", origin=EXAMPLE),
    rrset("_ssh._tcp.host1", "SRV", "0 0 22 host1", origin=EXAMPLE),
    rrset("_ssh._tcp.host2", "SRV", "0 0 22 host2", origin=EXAMPLE),
    rrset("subdel", "NS", "ns.example.com.", "ns.example.net.", origin=EXAMPLE),
    name="example.",
)
WILD = Client(table_of([RFC_4592]))


@pytest.mark.parametrize(
    ("name", "rtype", "expected"),
    [
        ("host3.example.", "MX", ["host3.example. MX 10 host1.example."]),
        ("host3.example.", "A", "NODATA"),
        ("foo.bar.example.", "TXT", ['foo.bar.example. TXT "this is a wildcard"']),
        ("host1.example.", "MX", "NODATA"),  # because host1.example. exists
        ("sub.*.example.", "MX", "NODATA"),  # because sub.*.example. exists
        ("_telnet._tcp.host1.example.", "SRV", "NXDOMAIN"),  # because _tcp.host1.example. exists
        ("host.subdel.example.", "A", "REFERRAL"),  # because subdel.example. is a delegation
        ("ghost.*.example.", "MX", "NXDOMAIN"),  # because *.example. exists
        # §2.2.3, §3.3.1 and around
        ("*.example.", "TXT", ['*.example. TXT "this is a wildcard"']),
        ("sub.*.example.", "TXT", ['sub.*.example. TXT "this is not a wildcard"']),
        ("_tcp.host1.example.", "TXT", "NODATA"),
        ("host2.example.", "TXT", "NODATA"),  # an empty non-terminal hides the wildcard
        ("x.host2.example.", "TXT", "NXDOMAIN"),
        ("example.", "TXT", "NODATA"),
    ],
)
def test_wildcards_as_rfc_4592_has_them(name: str, rtype: str, expected: str | list[str]) -> None:
    reply = WILD.ask(name, rtype)
    assert (lines(reply.answer) or outcome(reply)) == expected


ZONE = zone(
    rrset("@", "NS", "ns1", "ns2"),
    rrset("@", "MX", "10 mail", "20 mail.example.net."),
    rrset("www", "A", "192.0.2.1", "192.0.2.2"),
    rrset("www", "AAAA", "2001:db8::1"),
    rrset("www", "TXT", '"one" "two"'),
    rrset("*.wild", "A", "192.0.2.3"),
    rrset("cut", "NS", "ns.cut", "ns.example.net."),
    rrset("ns.cut", "A", "192.0.2.4"),
    rrset("to-www", "CNAME", "www"),
    rrset("to-alias", "CNAME", "to-www"),
    rrset("to-mixed-case", "CNAME", "WWW.Example.Com."),
    rrset("to-geo", "CNAME", "geo"),
    rrset("to-wild", "CNAME", "a.b.wild"),
    rrset("to-cut", "CNAME", "x.cut"),
    rrset("to-the-cut", "CNAME", "cut"),
    rrset("to-nothing", "CNAME", "nothing.www"),
    rrset("to-empty", "CNAME", "empty"),
    rrset("to-outside", "CNAME", "www.example.net."),
    rrset("x.empty", "A", "192.0.2.5"),
    rrset("circle1", "CNAME", "circle2"),
    rrset("circle2", "CNAME", "circle1"),
    rrset("to-itself", "CNAME", "to-itself"),
    rrset("to-circle", "CNAME", "circle1"),
    rrset("*.alias", "CNAME", "www"),
    *(rrset(f"chain{n}", "CNAME", f"chain{n + 1}") for n in range(20)),
    rrset("chain20", "A", "192.0.2.6"),
    steered={"geo": "global", "none": "nobody"},
    pools=[pool("eu", member("a", "192.0.2.10"), member("b", "192.0.2.11"))],
    policies=[policy(rule("eu"), answers=2), policy(rule(), name="nobody")],
    ttl=300,
    negative_ttl=60,
)
CLIENT = Client(table_of([ZONE]))
WWW = ["www.example.com. A 192.0.2.1", "www.example.com. A 192.0.2.2"]


@pytest.mark.parametrize(
    ("name", "rtype", "expected"),
    [
        ("www", "A", WWW),
        ("www", "AAAA", ["www.example.com. AAAA 2001:db8::1"]),
        ("www", "TXT", ['www.example.com. TXT "one" "two"']),
        ("@", "MX", ["example.com. MX 10 mail.example.com.", "example.com. MX 20 mail.example.net."]),
        ("@", "NS", ["example.com. NS ns1.example.com.", "example.com. NS ns2.example.com."]),
        ("www", "MX", "NODATA"),
        ("www", "TYPE65280", "NODATA"),
        ("@", "A", "NODATA"),
        ("none", "A", "NODATA"),  # deliberately no address
        ("geo", "MX", "NODATA"),
        ("geo", "AAAA", "NODATA"),
        ("empty", "A", "NODATA"),
        ("nothing", "A", "NXDOMAIN"),
        ("x.www", "A", "NXDOMAIN"),
        ("x.geo", "A", "NXDOMAIN"),
        ("x.y.wild", "A", ["x.y.wild.example.com. A 192.0.2.3"]),
        ("cut", "A", "REFERRAL"),
        ("deep.in.cut", "A", "REFERRAL"),
        ("to-www", "CNAME", ["to-www.example.com. CNAME www.example.com."]),
    ],
)
def test_a_name_is_answered_denied_or_referred(name: str, rtype: str, expected: str | list[str]) -> None:
    reply = CLIENT.ask(f"{name}.example.com.".removeprefix("@."), rtype)
    assert (lines(reply.answer) or outcome(reply)) == expected
    assert bool(reply.flags & dns.flags.AA) is (expected != "REFERRAL")
    assert not reply.flags & (dns.flags.RA | dns.flags.TC)


CHAIN_ENDS = [
    ("to-www", "A", "ANSWER", ["www"], WWW),
    ("to-www", "MX", "NODATA", ["www"], []),
    ("to-alias", "A", "ANSWER", ["to-www", "www"], WWW),
    ("to-mixed-case", "A", "ANSWER", ["WWW.Example.Com."], [line.replace("www.e", "WWW.E", 1) for line in WWW]),
    ("to-wild", "A", "ANSWER", ["a.b.wild"], ["a.b.wild.example.com. A 192.0.2.3"]),
    ("to-cut", "A", "REFERRAL", ["x.cut"], []),
    ("to-cut", "DS", "REFERRAL", ["x.cut"], []),
    ("to-the-cut", "A", "REFERRAL", ["cut"], []),
    ("to-the-cut", "DS", "NODATA", ["cut"], []),  # DS is the parent's to answer (RFC 4035 §3.1.4.1)
    ("to-nothing", "A", "NXDOMAIN", ["nothing.www"], []),  # RFC 2308 §2.1: the last name's
    ("to-empty", "A", "NODATA", ["empty"], []),
    ("to-outside", "A", "ANSWER", ["www.example.net."], []),
    ("x.alias", "A", "ANSWER", ["www"], WWW),
    ("circle1", "A", "ANSWER", ["circle2", "circle1"], []),
    ("to-itself", "A", "ANSWER", ["to-itself"], []),
    ("to-circle", "A", "ANSWER", ["circle1", "circle2", "circle1"], []),
    ("chain13", "A", "ANSWER", [f"chain{n}" for n in range(14, 21)], ["chain20.example.com. A 192.0.2.6"]),
]


@pytest.mark.parametrize(("name", "rtype", "ends", "targets", "rest"), CHAIN_ENDS)
def test_aliases_are_followed_inside_the_zone(
    name: str, rtype: str, ends: str, targets: list[str], rest: list[str]
) -> None:
    reply = CLIENT.ask(f"{name}.example.com.", rtype)
    owner, links = f"{name}.example.com.", []
    for target in (each if each.endswith(".") else f"{each}.example.com." for each in targets):
        links.append(f"{owner} CNAME {target}")
        owner = target
    assert [line.lower() for line in lines(reply.answer)] == [line.lower() for line in [*links, *rest]]
    assert outcome(reply) == ends
    assert reply.flags & dns.flags.AA


def test_an_alias_of_a_steered_name_is_steered() -> None:
    replies = [addresses(CLIENT.ask("to-geo.example.com.", subnet="8.8.8.0/24")) for _ in range(2)]
    assert sorted(replies) == [["192.0.2.10", "192.0.2.11"], ["192.0.2.11", "192.0.2.10"]]


def test_a_very_long_chain_is_cut_and_goes_on_with_the_next_question() -> None:
    reply = CLIENT.ask("chain0.example.com.")
    assert len(reply.answer) == MAX_CHAIN
    assert str(reply.answer[-1].name) == f"chain{MAX_CHAIN - 1}.example.com."
    assert outcome(reply) == "ANSWER"


@pytest.mark.parametrize("name", ["nothing", "www", "to-nothing", "none"])
def test_a_denial_brings_the_soa_with_the_lesser_of_its_two_ttls(name: str) -> None:
    """RFC 2308 §3 and §5."""
    (soa,) = CLIENT.ask(f"{name}.example.com.", "MX").authority
    assert (str(soa.name), soa.ttl, soa[0].minimum) == ("example.com.", 60, 60)


@pytest.mark.parametrize(("ttl", "negative", "given"), [(300, 60, 60), (30, 60, 30), (60, 60, 60), (300, 0, 0)])
def test_the_negative_ttl(ttl: int, negative: int, given: int) -> None:
    client = Client(table_of([zone(ttl=ttl, negative_ttl=negative)]))
    assert client.ask("nothing.example.com.").authority[0].ttl == given
    assert client.ask("example.com.", "SOA").answer[0].ttl == ttl


@pytest.mark.parametrize(("name", "rtype"), [("www", "A"), ("www", "TXT"), ("geo", "A"), ("to-www", "A")])
def test_positive_answers_bring_nothing_that_was_not_asked_for(name: str, rtype: str) -> None:
    reply = CLIENT.ask(f"{name}.example.com.", rtype)
    assert (reply.authority, reply.additional) == ([], [])


@pytest.mark.parametrize(
    ("name", "rtype"), [("www", "A"), ("geo", "A"), ("example", "HINFO"), ("to-www", "CNAME"), ("x.wild", "A")]
)
def test_any_gets_one_record_set(name: str, rtype: str) -> None:
    """RFC 8482 §4.1: a single one, so that nobody uses us to make much out of little."""
    reply = CLIENT.ask(f"{name}.example.com.", "ANY")
    assert len(reply.answer) <= 1
    if rtype != "HINFO":
        assert reply.answer[0].rdtype == dns.rdatatype.from_text(rtype)


@pytest.mark.parametrize(
    "asked", ["WwW.eXaMpLe.CoM.", "WWW.EXAMPLE.COM.", "To-WWW.example.COM.", "X.y.WILD.example.com."]
)
def test_case_is_kept_as_asked(asked: str) -> None:
    """Resolvers mix the case of a question and compare (draft-vixie-dnsext-dns0x20)."""
    reply = CLIENT.ask(asked)
    assert str(reply.question[0].name) == asked
    assert str(reply.answer[0].name) == asked
    assert outcome(reply) == "ANSWER"


@pytest.mark.parametrize("asked", ["NoThing.eXample.Com.", "cUt.Example.COM."])
def test_the_case_of_the_question_is_kept_where_authority_points_to_it(asked: str) -> None:
    reply = CLIENT.ask(asked)
    assert reply.authority[0].name.to_text().lower() in ("example.com.", "cut.example.com.")
    assert str(reply.question[0].name) == asked


LONG = ".".join(["a" * 63] * 3 + ["b" * 49])  # with .example.com. 255 octets


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (f"{LONG}.example.com.", "NXDOMAIN"),
        (f"{'c' * 63}.example.com.", "NXDOMAIN"),
        (".".join(["x"] * 121) + ".example.com.", "NXDOMAIN"),
        (".".join(["x"] * 118) + ".wild.example.com.", "ANSWER"),
        (".".join(["x"] * 127) + ".", "REFUSED"),
    ],
)
def test_names_of_any_allowed_length_are_looked_up(name: str, expected: str) -> None:
    assert outcome(CLIENT.ask(name)) == expected


def test_names_of_every_length_are_found_and_their_neighbours_are_not() -> None:
    names = ["x" * size + ending for ending in ("", "." + "y" * 60) for size in range(1, 62)]
    client = Client(table_of([zone(*(rrset(name, "A", "192.0.2.1") for name in names))]))
    assert {outcome(client.ask(f"{name}.example.com.")) for name in names} == {"ANSWER"}
    assert {outcome(client.ask(f"{name[:-1]}z.example.com.")) for name in names} == {"NXDOMAIN"}


def test_a_name_of_255_octets_and_one_of_127_labels_can_be_served() -> None:
    deep = ".".join(["x"] * 121) + ".example.com."
    client = Client(table_of([zone(rrset(f"{LONG}.example.com.", "A", "192.0.2.1"), rrset(deep, "A", "192.0.2.2"))]))
    assert addresses(client.ask(f"{LONG}.example.com.")) == ["192.0.2.1"]
    assert addresses(client.ask(deep)) == ["192.0.2.2"]
    assert outcome(client.ask(deep.removeprefix("x."))) == "NODATA"


def test_labels_of_63_octets_are_served_and_their_neighbours_are_not() -> None:
    label = "x" * 63
    client = Client(table_of([zone(rrset(label, "A", "192.0.2.1"), rrset(f"*.{label}", "TXT", '"below"'))]))
    assert addresses(client.ask(f"{label.upper()}.example.com.")) == ["192.0.2.1"]
    assert outcome(client.ask(f"{label[:-1]}.example.com.")) == "NXDOMAIN"
    assert outcome(client.ask(f"{'y' * 63}.{label}.example.com.", "TXT")) == "ANSWER"


def test_the_largest_record_sets_that_files_may_have_are_answered_whole_behind_an_alias_too() -> None:
    served = zone(
        rrset("many", "A", *(f"10.0.{n >> 8}.{n & 255}" for n in range(4000))),  # 64,000 octets
        rrset("alias", "CNAME", "many"),
        rrset("moved", "DNAME", "@"),
    )
    client = Client(table_of([served]))
    for name in ("many", "alias", "alias.moved"):
        assert len(addresses(client.ask(f"{name}.example.com.", edns=True))) == 4000
        cut = client.ask(f"{name}.example.com.", edns=True, transport=UDP)
        assert cut.flags & dns.flags.TC
        assert (cut.answer, cut.authority) == ([], [])


@pytest.mark.parametrize("rtype", ["TYPE65280", "TYPE999", "TYPE1", "TYPE3"])
def test_types_without_a_name_are_served_as_octets(rtype: str) -> None:
    """RFC 3597. A type that has a name may be written by its number too."""
    client = Client(table_of([zone(rrset("odd", rtype, r"\# 4 C0000201"))]))
    (answer,) = client.ask("odd.example.com.", rtype).answer
    assert answer[0].to_wire() == b"\xc0\0\2\1"
    assert outcome(client.ask("odd.example.com.", "TYPE65279")) == "NODATA"


def test_signatures_of_all_types_are_answered_together() -> None:
    """A signed zone has a set for each type (RFC 2181 §5.3), with that type's TTL; together they have the least."""
    text = "@ 300 IN SOA ns1 host 1 2 3 4 5\n@ 300 IN NS ns1\nns1 300 IN A 192.0.2.1\nns1 60 IN TXT a\n" + "".join(
        f"ns1 {ttl} IN RRSIG {rtype} 13 3 {ttl} 20261226070455 20261126070455 1 @ AQI{letter}\n"
        for rtype, ttl, letter in (("A", 300, "A"), ("A", 300, "B"), ("TXT", 60, "C"))
    )
    client = Client(table_of([parse_master(text.encode(), "example.com.zone", "example.com")]))
    answer = client.ask("ns1.example.com.", "RRSIG").answer
    assert sorted(rdata.to_text()[-4:] for rrset in answer for rdata in rrset) == ["AQIA", "AQIB", "AQIC"]
    assert {rrset.ttl for rrset in answer} == {60}


def test_octets_that_are_no_letters_are_compared_as_they_are() -> None:
    """RFC 4343: only A to Z are folded; [ and { differ by the same bit as they do."""
    client = Client(table_of([zone(rrset(r"\[x\001\@", "A", "192.0.2.1"), rrset(r"dot\.dot", "A", "192.0.2.2"))]))
    assert addresses(client.ask(r"[X\001\@.example.com.")) == ["192.0.2.1"]
    assert outcome(client.ask(r"{x\001\@.example.com.")) == "NXDOMAIN"
    assert addresses(client.ask(r"dot\.dot.example.com.")) == ["192.0.2.2"]
    assert outcome(client.ask("dot.dot.example.com.")) == "NXDOMAIN"
