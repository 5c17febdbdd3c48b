"""Extended errors (RFC 8914): which replies have one, and that it never costs the answer its place."""

from dataclasses import replace

import dns.edns
import dns.message
import dns.rcode
import pytest

from geodns.answer.cells import HEARTBEAT
from geodns.answer.terms import UDP
from tests.answer.packets import opt, option, query, question, read
from tests.values import check, member, outlook, outside, policy, pool, resolved, rrset, rule, zone
from tests.world import Client, addresses, table_of

EU, US, SPARE = ("192.0.2.1", "192.0.2.2", "192.0.2.3")
CHECK = check()
ZONE = zone(
    rrset("static", "A", "192.0.2.9"),
    steered={"www": "global", "last": "with spare", "one": "alone"},
    pools=[
        pool("eu", member("a", EU), check=CHECK),
        pool("us", member("b", US), check=CHECK),
        pool("spare", member("c", SPARE)),
    ],
    policies=[
        policy(rule("eu", "us")),
        policy(rule("eu", "us"), name="with spare", fallback="spare"),
        policy(rule("spare"), name="alone"),
    ],
)
NOW = 1_800_000_000


def client(*down: str, **conduct: object) -> Client:
    said = outlook(*((CHECK, address) for address in down))
    return Client(table_of([ZONE], outlook=said), **conduct)


def told(reply: dns.message.Message) -> list[tuple[int, str | None]]:
    return [(int(each.code), each.text) for each in reply.options if isinstance(each, dns.edns.EDEOption)]


def ask(server: Client, name: str, rtype: int = 1, size: int = 1232) -> dns.message.Message:
    return read(server.send(query(opt(size=size), asked=question(f"{name}.example.com.", rtype))))


@pytest.mark.parametrize(
    ("down", "name", "given", "error"),
    [
        pytest.param([], "www", EU, [], id="all is well"),
        pytest.param([EU], "www", US, [], id="the next pool of the route is as good"),
        pytest.param([EU, US], "www", EU, [(0, "no backend is healthy; answered as if all were")], id="fail open"),
        pytest.param(
            [EU, US],
            "last",
            SPARE,
            [(0, "no pool of the first choice is healthy; this is the fallback")],
            id="the fallback",
        ),
        pytest.param([EU, US], "one", SPARE, [], id="another policy's trouble"),
        pytest.param([EU, US], "static", "192.0.2.9", [], id="a name without a policy"),
    ],
)
def test_an_answer_for_want_of_a_better_one_says_so(
    down: list[str], name: str, given: str, error: list[tuple[int, str]]
) -> None:
    reply = ask(client(*down), name)
    assert (addresses(reply), told(reply)) == ([given], error)


def test_a_name_of_others_is_refused_as_not_ours() -> None:
    reply = read(client().send(query(opt(), asked=question("www.example.net."))))
    assert (reply.rcode(), told(reply)) == (dns.rcode.REFUSED, [(20, None)])


def test_an_alias_that_could_not_be_resolved_fails_for_want_of_an_authority() -> None:
    served = zone(
        steered={"out": "alias"},
        pools=[pool("lb", outside("lb", "lb.example.net."))],
        policies=[policy(rule("lb"), name="alias")],
    )
    reply = ask(Client(table_of([served], outlook=resolved({}))), "out")
    assert (reply.rcode(), told(reply)) == (dns.rcode.SERVFAIL, [(22, None)])


def test_a_zone_that_has_not_come_or_has_expired_fails_for_want_of_data() -> None:
    reply = ask(Client(table_of([replace(ZONE, is_void=True)])), "www")
    assert (reply.rcode(), told(reply)) == (dns.rcode.SERVFAIL, [(24, None)])


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param(query(opt(), asked=question("no.example.com.")), id="NXDOMAIN"),
        pytest.param(query(opt(), asked=question("static.example.com.", 28)), id="NODATA"),
        pytest.param(query(opt(version=1)), id="BADVERS"),
        pytest.param(query(opt(option(8, b""))), id="FORMERR"),
        pytest.param(query(opt(), asked=question("id.server.", 16, 3)), id="CHAOS"),
    ],
)
def test_what_needs_no_explaining_has_none(packet: bytes) -> None:
    assert told(read(client().send(packet))) == []


def test_without_edns_there_is_none() -> None:
    reply = read(client(EU, US).send(query(asked=question("www.example.com."))))
    assert (addresses(reply), reply.edns) == ([EU], -1)


def test_a_server_may_keep_it_to_itself() -> None:
    assert told(ask(client(EU, US, extended=0), "www")) == []


@pytest.mark.parametrize(
    ("heartbeat", "name", "is_stale"),
    [
        pytest.param(0, "www", False, id="nobody says whether health is followed"),
        pytest.param(NOW, "www", False, id="just now"),
        pytest.param(NOW - 60, "www", False, id="a minute ago"),
        pytest.param(NOW - 61, "www", True, id="longer ago"),
        pytest.param(NOW + 3600, "www", False, id="the clock was set back"),
        pytest.param(NOW - 61, "static", False, id="health does not matter"),
    ],
)
def test_steered_answers_are_stale_where_nobody_follows_health(heartbeat: int, name: str, is_stale: bool) -> None:
    server = client()
    server.set_clock(NOW)
    server.memory.rotation[HEARTBEAT] = heartbeat
    expected = [(3, "health has not been followed for a minute or more")] if is_stale else []
    assert told(ask(server, name)) == expected


def test_stale_goes_before_what_health_was_when_it_was_last_followed() -> None:
    server = client(EU, US)
    server.set_clock(NOW)
    server.memory.rotation[HEARTBEAT] = NOW - 1000
    assert [code for code, _ in told(ask(server, "www"))] == [3]


def test_it_is_left_out_where_there_is_no_room_for_it() -> None:
    many = [member(f"m{n}", f"10.0.0.{n}") for n in range(29)]
    served = zone(
        steered={"www": "global"},
        pools=[pool("eu", *many, check=CHECK)],
        policies=[policy(rule("eu"), select="all", answers=29)],
    )
    said = outlook(*((CHECK, f"10.0.0.{n}") for n in range(29)))
    server = Client(table_of([served], outlook=said))
    for size, has_room in ((512, False), (1232, True)):
        reply = ask(server, "www", size=size)
        assert (len(addresses(reply)), bool(told(reply))) == (29, has_room)


def test_before_there_is_a_configuration_the_failure_says_so() -> None:
    reply = read(client().send_too_early(query(opt(), asked=question("www.example.com."))))
    assert (reply.rcode(), told(reply)) == (dns.rcode.SERVFAIL, [(14, "no configuration has been read yet")])
    assert [each.name.to_text() for each in reply.question] == ["www.example.com."]
    assert read(client().send_too_early(query())).edns == -1
    assert read(client().send_too_early(query(opt(version=1)))).rcode() == dns.rcode.BADVERS


def test_one_query_s_error_is_not_the_next_one_s() -> None:
    server = client()
    server.send(query(opt(), asked=question("www.example.net.")), transport=UDP)
    assert told(ask(server, "static")) == []
