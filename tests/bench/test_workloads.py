"""The questions, decoded by dnspython, and the facts that they ask for."""

from ipaddress import IPv4Address, IPv4Network
from itertools import pairwise

import dns.edns
import dns.message
import pytest

from bench.facts import REGIONS, Network, facts, host_address, master_file
from bench.workloads import NAMES, QUESTIONS, Question, workload

FACTS = facts()


def subnet(question: Question) -> dns.edns.ECSOption | None:
    options = dns.message.from_wire(question.packet()).options
    return next((each for each in options if isinstance(each, dns.edns.ECSOption)), None)


def test_regions_are_disjoint_and_hold_no_special_purpose_block() -> None:
    networks = [IPv4Network(str(network)) for network, _ in FACTS.regions]
    assert all(one.broadcast_address < other.network_address for one, other in pairwise(networks))
    assert all(not network.is_private and not network.is_multicast for network in networks)
    assert 3_000 <= len(networks) <= 6_000


def test_each_region_has_a_fair_share() -> None:
    for region in REGIONS:
        assert sum(each == region for _, each in FACTS.regions) > len(FACTS.regions) / 5


def test_a_network_holds_its_own_addresses_only() -> None:
    network = Network(int(IPv4Address("16.0.0.0")), 12)
    assert int(IPv4Address("16.15.255.255")) in network
    assert int(IPv4Address("16.16.0.0")) not in network


def test_the_geo_workload_asks_from_each_subnet_once_and_knows_the_answer() -> None:
    questions = workload("geo", FACTS).questions
    assert len({question.client for question in questions}) == QUESTIONS
    regions = [(IPv4Network(str(network)), REGIONS[region]) for network, region in FACTS.regions]
    for question in questions[:: QUESTIONS // 16]:
        asked = subnet(question)
        assert asked is not None
        assert (asked.srclen, asked.scopelen) == (24, 0)
        assert question.answers == {address for network, address in regions if IPv4Address(asked.address) in network}, (
            asked.address
        )


def test_every_question_is_a_good_query() -> None:
    for name in NAMES:
        for question in workload(name, FACTS).questions[:: QUESTIONS // 16]:
            message = dns.message.from_wire(question.packet(77))
            assert (message.id, message.edns, message.payload) == (77, 0, 1232)
            assert message.question[0].to_text() == f"{question.name}. IN A"


def test_workloads_are_the_same_every_time() -> None:
    assert workload("mix", FACTS).questions[:100] == workload("mix", facts()).questions[:100]


def test_the_mix_is_half_geo_and_a_fifth_missing_names() -> None:
    questions = workload("mix", FACTS).questions
    assert sum(question.client is not None for question in questions) == pytest.approx(QUESTIONS * 0.5, rel=0.05)
    assert sum(not question.answers for question in questions) == pytest.approx(QUESTIONS * 0.2, rel=0.05)


def test_the_file_of_questions_has_each_after_its_length() -> None:
    made = workload("static", FACTS)
    content, first = made.file(), made.questions[0].packet()
    assert content.startswith(len(first).to_bytes(2, "big") + first)


def test_the_master_file_gives_the_hosts_the_addresses_that_are_asked_for() -> None:
    assert f"host999 A {host_address(999)}\n" in master_file("static.example", 1000)
