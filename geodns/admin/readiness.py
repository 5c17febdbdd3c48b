"""Why we are not ready, in a sentence. Pure.

Ready: every worker says, now, that it serves the current generation. Degraded is not unready: answers are given.
"""

from collections.abc import Iterator, Sequence

from geodns.control.workers import Word


def why_not_ready(generation: int, words: Sequence[Word], asked: float) -> str:
    """`asked`: when the workers were asked last, on the monotonic clock."""
    if generation == 0:
        return "no generation is published yet"
    late = "; ".join(_behind(generation, words, asked))
    return late or f"not every worker said in time that it serves generation {generation}"


def _behind(generation: int, words: Sequence[Word], asked: float) -> Iterator[str]:
    """Cases: 1. it refused the generation, 2. it does not answer, 3. it has an older one."""
    for number, word in enumerate(words):
        if word.generation < generation and word.refused:
            yield f"worker {number} serves generation {word.generation}, and refused a newer one: {word.refused}"
        elif word.heard < asked:
            yield f"worker {number} does not answer"
        elif word.generation < generation:
            yield f"worker {number} serves generation {word.generation}, the current one is {generation}"
