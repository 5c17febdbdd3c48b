"""In what order servers are asked."""

from bench.rounds import plan, rotated

ABLE = {"a": frozenset({"geo", "mix"}), "b": frozenset({"geo"}), "c": frozenset({"geo", "mix"})}


def test_each_round_has_all_servers_and_another_first_one() -> None:
    turns = [turn for turn in plan(ABLE, ["geo"], 3) if turn.shape.name == "single"]
    orders = ["".join(turn.server for turn in turns if turn.round == number) for number in range(3)]
    assert orders == ["abc", "bca", "cab"]


def test_a_server_is_asked_only_what_it_can() -> None:
    assert {turn.server for turn in plan(ABLE, ["mix"], 2)} == {"a", "c"}


def test_servers_that_are_compared_run_one_after_the_other() -> None:
    turns = list(plan(ABLE, ["geo"], 1))
    assert [turn.shape.name for turn in turns] == [
        name for name in ("single", "bursts", "trains", "steady") for _ in range(3)
    ]


def test_nobody_has_no_order() -> None:
    assert rotated([], 3) == []
