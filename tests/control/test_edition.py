"""Editions: what a refresh makes anew and what it leaves, and whether clients would notice."""

from geodns.control.edition import Edition, compile_edition, is_same_answer, refresh
from geodns.model.name import parse_name
from geodns.model.pool import Family, PoolName
from geodns.model.verdict import CLEAR, Outlook, Standing, Verdict
from geodns.table.plan import PlanKey
from geodns.table.slots import Ledgers
from tests.control import samples
from tests.values import ORIGIN, atlas, check, member, outlook, place, policy, pool, rule, zone
from tests.world import Client, addresses

WEB = check()
EU = pool("eu", member("fra1", "192.0.2.1", "2001:db8::1"), member("fra2", "192.0.2.2"), check=WEB)
US = pool("us", member("iad1", "192.0.2.11"), check=WEB)
SORRY = pool("sorry", member("static", "192.0.2.99"))
ORG = parse_name("example.org.")

COM_ZONE = zone(
    steered={"www": "web", "api": "api", "v4": "us"},
    pools=[EU, US, SORRY],
    policies=[
        policy(rule("eu", "us", country=["DE"]), rule("us", "eu"), name="web"),
        policy(rule("us"), name="us"),
        policy(rule("us"), name="api", fallback="eu"),
    ],
)
ORG_ZONE = zone(name="example.org.", steered={"www": "web"}, pools=[EU], policies=[policy(rule("eu"), name="web")])
ATLAS = atlas({"9.9.9.0/24": place("EU/DE")})
EDITION = samples.edition(COM_ZONE, ORG_ZONE, atlas=ATLAS)

EU_OF_COM = (ORIGIN, PoolName("eu"))
FRA1_DOWN = outlook((WEB, "192.0.2.1"))
FRA1_DOWN_TOO = outlook((WEB, "192.0.2.1"), (WEB, "2001:db8::1"))


def answer(edition: Edition, name: str, subnet: str = "9.9.9.9/32") -> list[str]:
    client = Client(edition.table)
    return sorted({address for _ in range(4) for address in addresses(client.ask(name, subnet=subnet))})


def test_a_refresh_compiles_only_the_plans_that_use_a_changed_pool() -> None:
    after = refresh(EDITION, FRA1_DOWN, [EU_OF_COM])
    for old, new in zip(EDITION.plans, after.plans, strict=True):
        uses_it = old.key.zone == ORIGIN and old.key.policy in ("web", "api")
        assert (new is not old) == uses_it, old.key


def test_a_refresh_leaves_names_and_territories_as_they_are() -> None:
    after = refresh(EDITION, FRA1_DOWN, [EU_OF_COM])
    assert after.parts["names"] is EDITION.parts["names"]
    assert after.parts["territories"] is EDITION.parts["territories"]
    assert (after.lands, after.serials, after.ledgers) == (EDITION.lands, EDITION.serials, EDITION.ledgers)
    assert after.outlook is FRA1_DOWN


def test_a_refreshed_edition_is_the_one_that_would_have_been_compiled() -> None:
    compiled = samples.edition(COM_ZONE, ORG_ZONE, atlas=ATLAS, outlook=FRA1_DOWN)
    assert refresh(EDITION, FRA1_DOWN, [EU_OF_COM, (ORG, PoolName("eu"))]).parts == compiled.parts


def test_the_table_of_an_edition_gives_its_answers() -> None:
    after = refresh(EDITION, FRA1_DOWN, [EU_OF_COM])
    assert answer(EDITION, "www.example.com.") == ["192.0.2.1", "192.0.2.2"]
    assert answer(after, "www.example.com.") == ["192.0.2.2"]
    assert answer(after, "www.example.com.", "8.8.8.8/32") == ["192.0.2.11"]
    assert answer(after, "www.example.org.") == ["192.0.2.1", "192.0.2.2"], "nobody said that its pool has changed"


def test_a_verdict_that_changes_no_answer_is_no_other_answer() -> None:
    unused = pool("spare", member("x", "192.0.2.77"), check=WEB)
    before = samples.edition(
        zone(steered={"www": "web"}, pools=[US, unused], policies=[policy(rule("us"), name="web")])
    )
    after = refresh(before, outlook((WEB, "192.0.2.77")), [(ORIGIN, PoolName("spare"))])
    assert is_same_answer(before, after)
    assert not is_same_answer(EDITION, refresh(EDITION, FRA1_DOWN, [EU_OF_COM]))


def all_up(flip_in: float) -> Outlook:
    targets = [*EU.targets(), *US.targets()]
    return Outlook({target: Standing(Verdict.UP, flip_in) for target in targets}, {})


def test_an_answer_with_another_ttl_is_another_answer() -> None:
    before = samples.edition(COM_ZONE, outlook=all_up(60.0))
    assert is_same_answer(before, refresh(before, all_up(40.0), [EU_OF_COM])), "either is beyond the policy's TTL"
    assert not is_same_answer(before, refresh(before, all_up(20.0), [EU_OF_COM]))


def test_there_is_a_plan_for_each_policy_that_answers_in_each_family_that_it_has() -> None:
    assert EDITION.plan(PlanKey(ORIGIN, "web", Family.IPV6)) is not None
    assert EDITION.plan(PlanKey(ORIGIN, "us", Family.IPV4)) is not None
    assert EDITION.plan(PlanKey(ORIGIN, "us", Family.IPV6)) is None
    assert EDITION.plan(PlanKey(ORIGIN, "nobody", Family.IPV4)) is None


def test_serials_and_slots_are_carried_on_from_the_edition_before() -> None:
    fewer = samples.inputs([ORG_ZONE], ATLAS)
    after = compile_edition(fewer, CLEAR, EDITION.serials, EDITION.ledgers, samples.NOW + 60)
    assert after.serials == {"example.org.": EDITION.serials["example.org."]}
    assert after.ledgers == EDITION.ledgers, "who comes back counts on where it was"
    anew = compile_edition(fewer, CLEAR, {}, Ledgers.empty(), samples.NOW + 60)
    assert anew.serials["example.org."].serial == int(samples.NOW) + 60
    assert anew.ledgers.zones.labels == ("example.org.",)
