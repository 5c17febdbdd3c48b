"""What fuzzing once found worth keeping is within the law still."""

from pathlib import Path

import pytest

from fuzz.targets import TARGETS

CORPUS = Path(__file__).parents[2] / "fuzz" / "corpus"


@pytest.mark.parametrize("target", TARGETS)
def test_the_kept_inputs_are_within_the_law(target: str) -> None:
    inputs = sorted((CORPUS / target).iterdir())
    assert inputs, "no input is kept for this target"
    for file in inputs:
        try:
            TARGETS[target](file.read_bytes())
        except Exception as fault:
            fault.add_note(f"python -m fuzz.replay {target} {file}")
            raise
