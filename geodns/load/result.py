"""States → what answers follow from, and whether that is worth a generation. Pure."""

from collections.abc import Mapping

from geodns.load.fold import State
from geodns.load.members import Part
from geodns.model.verdict import Loads, MemberKey, PoolKey

MOVED = 0.005  # of the whole: smaller changes wait

States = Mapping[PoolKey, State]


def loads_of(states: States, asked: Mapping[MemberKey, float]) -> Loads:
    """`asked`: of its weight, what a member itself asks for. What is whole is left out."""
    parts = {MemberKey(*pool, name): part for pool, state in states.items() for name, part in state.parts.items()}
    eased = {key: part.eased * asked.get(key, 1.0) for key, part in parts.items()}
    return Loads(
        kept={pool: state.keep.kept for pool, state in states.items() if state.keep.kept < 1},
        eased={key: each for key, each in {**asked, **eased}.items() if each < 1},
        evened={key: part.evened for key, part in parts.items() if part.evened != 1},
    )


def is_whole(state: State) -> bool:
    """It has left nothing to others."""
    return state.keep.kept == 1 and all(part.eased == 1 for part in state.parts.values())


def has_moved(before: State, after: State) -> bool:
    """By enough to be told to clients, or all the way back."""
    if _differ(before.keep.kept, after.keep.kept):
        return True
    return any(_part_has_moved(before.parts.get(name, Part()), part) for name, part in after.parts.items())


def _part_has_moved(before: Part, after: Part) -> bool:
    return _differ(before.eased, after.eased) or _differ(before.evened, after.evened)


def _differ(before: float, after: float) -> bool:
    return abs(after - before) >= MOVED or (after == 1) != (before == 1)
