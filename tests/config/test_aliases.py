"""Members that are CNAMEs: how they are read, and what is said where they cannot be."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from geodns.config.zones import load
from geodns.control.inputs import VOCABULARY
from geodns.model.name import show
from geodns.model.pool import PoolName, State
from tests.docs.loading import refusals_of_zone, said_of_zone

CDN = "cdn: {members: {d: {CNAME: d123.cdn.example.net.}}}"
EU = 'eu: {members: {fra1: {A: 192.0.2.10, AAAA: "2001:db8::10"}}}'
SITE = "site: {rules: [{continent: EU, pools: [eu, cdn]}, {pools: cdn}]}"
WWW = "www: {policy: site}"


def zone(pools: Iterable[str] = (EU, CDN), policies: str = SITE, records: Iterable[str] = (WWW,)) -> str:
    """Line 3 is the first pool, line 9 the first record after those that every zone has."""
    lines = [
        "zone: example.com",
        "pools:",
        *(f"  {pool}" for pool in pools),
        "policies:",
        f"  {policies}",
        "records:",
        '  "@": {NS: [ns1, ns2.example.net.]}',
        "  ns1: {A: 192.0.2.53}",
        *(f"  {record}" for record in records),
    ]
    return "\n".join(lines) + "\n"


def test_a_target_is_completed_like_any_name_and_stands_beside_weight_state_and_ttl(tmp_path: Path) -> None:
    file = tmp_path / "zone.yaml"
    pool = "cdn: {members: {a: {CNAME: Cdn, weight: 3, state: drain, ttl: 10s}, b: {CNAME: d.example.net.}}}"
    file.write_text(zone([EU, pool]))
    (read,) = load([file], VOCABULARY).zones
    one, other = read.pools[PoolName("cdn")].members
    assert (one.target and show(one.target), one.addresses) == ("cdn.example.com.", ())
    assert (one.weight, one.state, one.ttl) == (3, State.DRAIN, 10)
    assert other.target is not None
    assert show(other.target) == "d.example.net."


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(zone(), id="in rules beside addresses"),
        pytest.param(zone(policies="site: {pools: eu, fallback: cdn}"), id="as fallback"),
        pytest.param(zone(policies="site: {pools: {weighted: {eu: 95, cdn: 5}}, answers: 2}"), id="sharing"),
        pytest.param(zone(policies="site: {pools: eu}", records=[WWW, "cdn: {pool: cdn, select: all}"]), id="alone"),
        pytest.param(zone(records=[WWW, "a.www: {A: 192.0.2.1}", '"*.www": {policy: site}']), id="names below it"),
    ],
)
def test_pools_of_cnames_are_taken_without_a_warning(text: str, tmp_path: Path) -> None:
    assert said_of_zone(text, tmp_path) == []


ALONE = "a CNAME stands alone (RFC 1034 §3.6.2): move the records to another name, or give the pool addresses"
APEX = (
    "the zone's own name cannot be a CNAME, as pool 'cdn' would have it: it has SOA and NS (RFC 1034 §3.6.2);"
    " give it pools with addresses, and the CNAME to a name such as www"
)
CIRCLE = (
    "leads to itself, for policy 'site' answers it with this CNAME; name a target of another policy, or one elsewhere"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            zone([EU, "cdn: {members: {d: {CNAME: d., A: 192.0.2.1}}}"]),
            ["4:19: member 'd' has a CNAME and addresses; make two members of it, in two pools (RFC 1034 §3.6.2)"],
            id="both in a member",
        ),
        pytest.param(
            zone([EU, "cdn: {members: {a: {A: 192.0.2.1}, d: {CNAME: d.}}}"]),
            [
                "4:38: pool 'cdn' has addresses, and a CNAME in 'd'; put that into a pool of its own,"
                " which rules may name beside this one"
            ],
            id="both in a pool",
        ),
        pytest.param(
            zone([EU, CDN.replace("{members", "{check: web, members")]) + "checks: {web: {type: tcp, port: 443}}\n",
            [
                "4:9: pool 'cdn' has CNAMEs, and a check asks addresses; leave 'check' out:"
                " its members are up until 'state' or geodns down takes them out"
            ],
            id="a check",
        ),
        pytest.param(
            zone([EU, "cdn: {members: {d: {CNAME: a..b}}}"]), ["4:30: 'a..b' has an empty label"], id="no name"
        ),
        pytest.param(
            zone([EU, "cdn: {members: {d: {CNAME: [a., b.]}}}"]),
            ["4:30: 'CNAME' wants a text; put it in quotes; found a list"],
            id="a list",
        ),
        pytest.param(
            zone(records=["www: {policy: site, MX: '10 mail.example.net.'}"]),
            [f"10:3: 'www' has records of its own, and a CNAME for clients of pool 'cdn'; {ALONE}"],
            id="other records",
        ),
        pytest.param(
            zone(policies="site: {pools: eu, fallback: cdn}", records=["www: {policy: site, TXT: x}"]),
            [f"10:3: 'www' has records of its own, and a CNAME for clients of pool 'cdn'; {ALONE}"],
            id="other records, and the CNAME as fallback",
        ),
        pytest.param(
            zone(policies="site: {pools: {weighted: {eu: 95, cdn: 5}}}", records=["www: {policy: site, TXT: x}"]),
            [f"10:3: 'www' has records of its own, and a CNAME for clients of pool 'eu 95 + cdn 5'; {ALONE}"],
            id="other records, and the CNAME in a pool of pools",
        ),
        pytest.param(
            zone(records=[]).replace('"@": {', '"@": {policy: site, '), [f"8:3: {APEX}"], id="the zone's own name"
        ),
        pytest.param(
            zone([EU, "cdn: {members: {d: {CNAME: www}}}"]),
            [f"4:19: www.example.com. {CIRCLE}"],
            id="a target that is the name itself",
        ),
        pytest.param(
            zone([EU, "cdn: {members: {d: {CNAME: x.y.apps}}}"], records=['"*.apps": {policy: site}']),
            [f"4:19: x.y.apps.example.com. {CIRCLE}"],
            id="a target below the wildcard",
        ),
    ],
)
def test_what_cannot_be_is_told_with_the_way_out(text: str, said: list[str], tmp_path: Path) -> None:
    assert [problem.partition("zone.yaml:")[2] for problem in refusals_of_zone(text, tmp_path)] == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            zone(["eu: {members: {fra1: {A: 192.0.2.10}}}", CDN]),
            "policy 'site': pool 'eu' has A, but 'cdn' a CNAME for A and AAAA; a resolver that remembers"
            " 'no such address' from one tells it to clients of the other",
            id="families",
        ),
        pytest.param(
            zone().replace("ns2.example.net.", "www"),
            "the NS of example.com. leads to www.example.com., which is an alias; name the host itself"
            " (RFC 2181 §10.3)",
            id="an NS that leads there",
        ),
    ],
)
def test_what_was_hardly_meant_is_a_warning(text: str, said: str, tmp_path: Path) -> None:
    assert said_of_zone(text, tmp_path) == [said]
