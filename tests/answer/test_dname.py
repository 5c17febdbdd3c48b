"""Names below a DNAME: RFC 6672, decoded by dnspython."""

import dns.flags
import dns.rcode
import dns.rdatatype
import pytest

from geodns.answer.cells import QUESTIONS
from geodns.answer.memory import OUTCOMES, TYPES
from geodns.answer.terms import MAX_CHAIN
from geodns.model.name import parse_name
from tests.values import member, policy, pool, rrset, rule, zone
from tests.world import Client, addresses, lines, outcome, table_of

LABEL = "x" * 63
LONG = f"{LABEL}.{LABEL}.{LABEL}"  # 192 octets

ZONE = zone(
    rrset("@", "NS", "ns.example.net."),
    rrset("new", "A", "192.0.2.1"),
    rrset("www.new", "A", "192.0.2.2", "192.0.2.3"),
    rrset("www.new", "MX", "10 www.new"),
    rrset("deep.er.new", "TXT", '"deep"'),
    rrset("alias.new", "CNAME", "www.new"),
    rrset("back.new", "CNAME", "back.old"),
    rrset("far.new", "CNAME", "www.example.net."),
    rrset("cut.new", "NS", "ns.example.net."),
    rrset("*.wild.new", "A", "192.0.2.4"),
    rrset("old", "DNAME", "new", ttl=77),
    rrset("old", "A", "192.0.2.5"),
    rrset("old", "TXT", '"of the owner"'),
    rrset("older", "DNAME", "OLD"),
    rrset("outside", "DNAME", "Example.NET."),
    rrset("to-nothing", "DNAME", "gone"),
    rrset("to-the-root", "DNAME", "."),
    rrset("one", "DNAME", "two"),
    rrset("two", "DNAME", "one"),
    rrset("growing", "DNAME", "a.growing"),
    rrset("itself", "DNAME", "itself"),
    rrset("long", "DNAME", f"{LONG}.new"),
    rrset("to-old", "CNAME", "www.old"),
    rrset("to-owner", "CNAME", "old"),
    rrset("*.any", "CNAME", "www.old"),
    rrset("first", "CNAME", "a.third"),
    rrset("third", "DNAME", "fourth"),
    rrset("a.fourth", "CNAME", "b.third"),
    rrset("b.fourth", "A", "192.0.2.6"),
    steered={"geo.new": "global"},
    pools=[pool("eu", member("a", "192.0.2.10"))],
    policies=[policy(rule("eu"))],
)
CLIENT = Client(table_of([ZONE]))
OLD = "old.example.com. DNAME new.example.com."
WWW = ["www.new.example.com. A 192.0.2.2", "www.new.example.com. A 192.0.2.3"]


def full(name: str) -> str:
    return f"{name}.example.com."


@pytest.mark.parametrize(
    ("name", "rtype", "ends", "answer"),
    [
        # Below the owner
        ("www.old", "A", "ANSWER", [OLD, "www.old CNAME www.new", *WWW]),
        ("www.old", "TXT", "NODATA", [OLD, "www.old CNAME www.new"]),
        ("x.www.old", "A", "NXDOMAIN", [OLD, "x.www.old CNAME x.www.new"]),
        ("er.old", "A", "NODATA", [OLD, "er.old CNAME er.new"]),  # an empty non-terminal
        ("deep.er.old", "TXT", "ANSWER",
         [OLD, "deep.er.old CNAME deep.er.new", 'deep.er.new.example.com. TXT "deep"']),
        ("a.wild.old", "A", "ANSWER",
         [OLD, "a.wild.old CNAME a.wild.new", "a.wild.new.example.com. A 192.0.2.4"]),
        ("x.cut.old", "A", "REFERRAL", [OLD, "x.cut.old CNAME x.cut.new"]),
        ("geo.old", "A", "ANSWER", [OLD, "geo.old CNAME geo.new", "geo.new.example.com. A 192.0.2.10"]),
        ("*.old", "A", "NXDOMAIN", [OLD, "*.old CNAME *.new"]),
        # Whatever the type: the substitution comes first (RFC 6672 §3.2), and of a CNAME it is all that was asked for
        ("www.old", "CNAME", "ANSWER", [OLD, "www.old CNAME www.new"]),
        ("gone.old", "CNAME", "ANSWER", [OLD, "gone.old CNAME gone.new"]),
        ("to-old", "CNAME", "ANSWER", ["to-old CNAME www.old"]),
        ("www.old", "ANY", "ANSWER", [OLD, "www.old CNAME www.new", *WWW]),
        ("www.old", "DNAME", "NODATA", [OLD, "www.old CNAME www.new"]),
        ("www.old", "DS", "NODATA", [OLD, "www.old CNAME www.new"]),
        ("www.old", "TYPE65280", "NODATA", [OLD, "www.old CNAME www.new"]),
        # The owner itself is not redirected
        ("old", "A", "ANSWER", ["old.example.com. A 192.0.2.5"]),
        ("old", "TXT", "ANSWER", ['old.example.com. TXT "of the owner"']),
        ("old", "DNAME", "ANSWER", [OLD]),
        ("old", "AAAA", "NODATA", []),
        ("old", "CNAME", "NODATA", []),
        ("old", "ANY", "ANSWER", [OLD]),
        ("to-owner", "A", "ANSWER", ["to-owner CNAME old", "old.example.com. A 192.0.2.5"]),
        # Chains
        ("www.older", "A", "ANSWER",
         ["older.example.com. DNAME OLD.example.com.", "www.older CNAME www.OLD", OLD.replace("old", "OLD"),
          "www.OLD CNAME www.new", *WWW]),
        ("alias.old", "A", "ANSWER", [OLD, "alias.old CNAME alias.new", "alias.new CNAME www.new", *WWW]),
        ("to-old", "A", "ANSWER", ["to-old CNAME www.old", OLD, "www.old CNAME www.new", *WWW]),
        ("x.any", "A", "ANSWER", ["x.any CNAME www.old", OLD, "www.old CNAME www.new", *WWW]),
        ("far.old", "A", "ANSWER", [OLD, "far.old CNAME far.new", "far.new CNAME www.example.net."]),
        # One that comes by twice is told of once
        ("first", "A", "ANSWER",
         ["first CNAME a.third", "third.example.com. DNAME fourth.example.com.", "a.third CNAME a.fourth",
          "a.fourth CNAME b.third", "b.third CNAME b.fourth", "b.fourth.example.com. A 192.0.2.6"]),
        # Out of the zone
        ("www.outside", "A", "ANSWER",
         ["outside.example.com. DNAME Example.NET.", "www.outside CNAME www.Example.NET."]),
        ("www.to-the-root", "A", "ANSWER", ["to-the-root.example.com. DNAME .", "www.to-the-root CNAME www."]),
        ("a.to-nothing", "A", "NXDOMAIN",
         ["to-nothing.example.com. DNAME gone.example.com.", "a.to-nothing CNAME a.gone"]),
        # Circles
        ("a.one", "A", "ANSWER",
         ["one.example.com. DNAME two.example.com.", "a.one CNAME a.two", "two.example.com. DNAME one.example.com.",
          "a.two CNAME a.one"]),
        ("a.itself", "A", "ANSWER", ["itself.example.com. DNAME itself.example.com.", "a.itself CNAME a.itself"]),
        ("back.old", "A", "ANSWER", [OLD, "back.old CNAME back.new", "back.new CNAME back.old"]),
    ],
)  # fmt: skip
def test_names_below_a_dname_are_redirected(name: str, rtype: str, ends: str, answer: list[str]) -> None:
    reply = CLIENT.ask(full(name), rtype)
    assert lines(reply.answer) == [_spelled(line) for line in answer]
    assert outcome(reply) == ends
    assert reply.flags & dns.flags.AA
    assert not reply.flags & dns.flags.TC


def _spelled(line: str) -> str:
    """`www.old CNAME www.new` with both names in full."""
    owner, rtype, target = line.split(" ", 2)
    if rtype != "CNAME":
        return line
    return f"{full(owner)} CNAME {target if target.endswith('.') else full(target)}"


def test_the_synthesized_record_has_the_dname_s_ttl() -> None:
    """RFC 6672 §3.1."""
    reply = CLIENT.ask("www.old.example.com.")
    assert [(rrset.rdtype, rrset.ttl) for rrset in reply.answer[:2]] == [(39, 77), (5, 77)]


def test_the_case_of_the_question_is_kept_in_what_is_made_of_it() -> None:
    reply = CLIENT.ask("WwW.OlD.eXample.com.")
    assert lines(reply.answer)[:2] == [
        "OlD.eXample.com. DNAME new.example.com.",
        "WwW.OlD.eXample.com. CNAME WwW.new.example.com.",
    ]
    assert addresses(reply) == ["192.0.2.2", "192.0.2.3"]


@pytest.mark.parametrize(
    ("labels", "code"),
    [
        ("x" * 45, "NXDOMAIN"),  # 255 octets
        ("x" * 46, "YXDOMAIN"),
        (f"a.{'x' * 43}", "NXDOMAIN"),
        (f"a.{'x' * 44}", "YXDOMAIN"),
        (f"{LABEL}.{LABEL}.{LABEL}", "YXDOMAIN"),
    ],
)
def test_a_name_that_would_be_longer_than_255_octets_does_not_exist(labels: str, code: str) -> None:
    """RFC 6672 §2.2: YXDOMAIN, with the DNAME that says why."""
    reply = CLIENT.ask(full(f"{labels}.long"))
    assert dns.rcode.to_text(reply.rcode()) == code
    assert reply.answer[0].rdtype == dns.rdatatype.DNAME
    assert [rrset.rdtype for rrset in reply.answer[1:]] == ([] if code == "YXDOMAIN" else [dns.rdatatype.CNAME])
    assert reply.flags & dns.flags.AA
    assert len(reply.authority) == (0 if code == "YXDOMAIN" else 1)


def test_yxdomain_is_counted_as_such() -> None:
    client = Client(CLIENT.table)
    client.ask(full(f"{'x' * 46}.long"))
    cell = QUESTIONS + (len(TYPES) + TYPES.index("A")) * len(OUTCOMES) + OUTCOMES.index("YXDOMAIN")
    assert client.memory.counts[cell] == 1
    assert sum(client.memory.counts) == 1


def test_a_dname_that_leads_below_itself_ends_after_some_links() -> None:
    reply = CLIENT.ask(full("q.growing"))
    assert [rrset.rdtype for rrset in reply.answer].count(dns.rdatatype.DNAME) == 1
    assert [rrset.rdtype for rrset in reply.answer].count(dns.rdatatype.CNAME) == MAX_CHAIN
    assert str(reply.answer[-1].name) == full("q." + "a." * (MAX_CHAIN - 1) + "growing")


@pytest.mark.parametrize("limit", range(40, 200))
def test_without_room_the_reply_is_truncated_and_no_longer_than_allowed(limit: int) -> None:
    """Limits below 512 are none that clients have; they come to every place where room may end."""
    question = "www.older.example.com."
    whole = CLIENT.send(_asked(question))
    octets = Client(CLIENT.table, payload=limit).send(_asked(question))
    assert isinstance(whole, bytes)
    assert isinstance(octets, bytes)
    assert octets == whole or (len(octets) <= limit and octets[2] & 0x02 and octets[6:12] == bytes(6))


def _asked(name: str) -> bytes:
    message = dns.message.make_query(name, "A")
    message.id = 1
    return message.to_wire()


APEX = zone(
    rrset("@", "NS", "ns.example.net."),
    rrset("@", "MX", "10 mail.example.net."),
    rrset("@", "DNAME", "example.net."),
    rrset("www", "A", "192.0.2.9"),  # occluded
    rrset("cut", "NS", "ns.example.net."),  # this too
    rrset("*.wild", "A", "192.0.2.9"),
    rrset("alias", "CNAME", "www"),
    steered={"geo": "global"},
    pools=[pool("eu", member("a", "192.0.2.10"))],
    policies=[policy(rule("eu"))],
)


def test_a_dname_may_stand_at_the_apex() -> None:
    """RFC 6672 §2.3: the zone's own records stay, everything below is another zone's name."""
    client = Client(table_of([APEX]))
    assert outcome(client.ask("example.com.", "SOA")) == "ANSWER"
    assert lines(client.ask("example.com.", "MX").answer) == ["example.com. MX 10 mail.example.net."]
    assert outcome(client.ask("example.com.", "A")) == "NODATA"
    assert lines(client.ask("a.b.example.com.").answer) == [
        "example.com. DNAME example.net.",
        "a.b.example.com. CNAME a.b.example.net.",
    ]


@pytest.mark.parametrize("name", ["www", "x.www", "cut", "x.cut", "wild", "a.wild", "alias", "geo", "nothing"])
def test_what_stands_below_a_dname_is_occluded(name: str) -> None:
    """RFC 6672 §2.4, RFC 2136 §7.18. Files that have such names are refused; this is for zones from elsewhere."""
    reply = Client(table_of([APEX])).ask(f"{name}.example.com.")
    assert lines(reply.answer) == [
        "example.com. DNAME example.net.",
        f"{name}.example.com. CNAME {name}.example.net.",
    ]


def _child(name: str, *, dname: str | None = None) -> Client:
    origin = parse_name(name)
    child = zone(
        rrset("@", "NS", "ns.example.net.", origin=origin),
        rrset("www", "A", "192.0.2.20", origin=origin) if dname is None else rrset("@", "DNAME", dname, origin=origin),
        name=name,
    )
    return Client(table_of([ZONE, child]))


def test_a_zone_of_ours_below_a_dname_answers_for_itself() -> None:
    """RFC 1034 §4.3.2, step 2: the nearest zone. The empty names between the two are the DNAME's."""
    client = _child("kid.between.old.example.com.")
    assert lines(client.ask("www.kid.between.old.example.com.").answer) == [
        "www.kid.between.old.example.com. A 192.0.2.20"
    ]
    assert lines(client.ask("between.old.example.com.").answer) == [OLD, _spelled("between.old CNAME between.new")]


def test_a_dname_into_another_zone_of_ours_ends_there() -> None:
    client = _child("kid.new.example.com.")
    reply = client.ask("www.kid.old.example.com.")
    assert lines(reply.answer) == [OLD, _spelled("www.kid.old CNAME www.kid.new")]
    assert outcome(reply) == "ANSWER"


def test_a_child_zone_s_own_dname_leads_out_of_it_and_its_ds_stays_with_the_parent() -> None:
    client = _child("cut.new.example.com.", dname="new.example.com.")
    assert lines(client.ask("www.cut.new.example.com.").answer) == [
        "cut.new.example.com. DNAME new.example.com.",
        "www.cut.new.example.com. CNAME www.new.example.com.",
    ]
    assert [str(rrset.name) for rrset in client.ask("cut.new.example.com.", "DS").authority] == ["example.com."]


def test_the_root_may_be_redirected() -> None:
    root = parse_name(".")
    served = zone(rrset("@", "NS", "a.", origin=root), rrset("@", "DNAME", "example.", origin=root), name=".")
    reply = Client(table_of([served])).ask("www.")
    assert lines(reply.answer)[:2] == [". DNAME example.", "www. CNAME www.example."]


def test_records_behind_a_dname_may_lead_to_hosts() -> None:
    reply = CLIENT.ask("www.old.example.com.", "MX")
    assert lines(reply.answer)[2:] == ["www.new.example.com. MX 10 www.new.example.com."]
    assert lines(reply.additional) == WWW
