"""The load generator against a tiny server: what it counts. No test says how fast anything is."""

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from bench.asking import Asked, Shape, ask
from bench.facts import facts
from bench.tools import LOAD, compile_tools, compiler
from bench.workloads import Workload, workload
from tests.bench.answerer import Answers, answering, reply_to

pytestmark = [
    pytest.mark.sockets,
    pytest.mark.skipif(compiler() is None, reason="there is no C compiler (Debian: gcc)"),
]

SINGLE = Shape(name="single", title="", sockets=4)
BURSTS = Shape(name="bursts", title="", sockets=2, window=8)
TRAINS = Shape(name="trains", title="", sockets=2, window=8, trains=True)
STEADY = Shape(name="steady", title="", sockets=4, rate=500)


@pytest.fixture(scope="module", autouse=True)
def _tools() -> None:
    compile_tools()


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    made = workload("static", facts(hosts=50))
    path = tmp_path / "questions"
    path.write_bytes(Workload(name="few", title="", questions=made.questions[:100]).file())
    return path


def load(questions: Path, answers: Answers, shape: Shape, seconds: float = 0.3, timeout: float = 5.0) -> Asked:
    with answering(answers) as port:
        return ask(port, questions, shape, seconds, timeout=timeout)


@pytest.mark.parametrize("shape", [SINGLE, BURSTS, TRAINS, STEADY], ids=lambda shape: shape.name)
def test_every_question_that_is_answered_counts(questions: Path, shape: Shape) -> None:
    found = load(questions, lambda packet, _: [reply_to(packet)], shape)
    assert found.answered == found.sent > 0
    assert (found.lost, found.stray, found.malformed, found.loss) == (0, 0, 0, 0.0)
    assert found.rcodes[0] == found.with_answer == found.answered
    assert 0 < found.latency.p50 <= found.latency.p99 <= found.latency.max


def test_what_the_server_drops_is_lost(questions: Path) -> None:
    """Every fourth; after the time-out its socket asks on. On a busy machine, more may come too late: as strays."""
    found = load(questions, lambda packet, n: [] if n % 4 == 3 else [reply_to(packet)], SINGLE, timeout=0.1)
    assert found.lost - found.stray <= found.sent // 4 <= found.lost
    assert found.answered + found.lost == found.sent
    assert found.loss == pytest.approx(found.lost / found.sent)


def test_a_steady_rate_goes_on_whatever_the_server_does(questions: Path) -> None:
    found = load(questions, lambda packet, n: [] if n % 2 else [reply_to(packet)], STEADY, seconds=0.6, timeout=0.2)
    assert found.sent + found.unsent == 300
    assert found.lost - found.stray <= found.sent // 2 <= found.lost


def test_answers_are_counted_by_their_rcode(questions: Path) -> None:
    def answers(packet: bytes, number: int) -> list[bytes]:
        return [reply_to(packet, rcode=3, answers=0) if number % 2 else reply_to(packet)]

    found = load(questions, answers, SINGLE)
    assert found.rcodes[0] == found.with_answer
    assert found.rcodes[0] + found.rcodes[3] == found.answered
    assert abs(found.rcodes[0] - found.rcodes[3]) <= 1


def test_a_reply_twice_is_a_stray(questions: Path) -> None:
    """The socket may have asked anew before the second comes, or not; of neither is it an answer."""
    found = load(questions, lambda packet, _: [reply_to(packet), reply_to(packet)], SINGLE)
    assert found.answered == found.sent
    assert found.stray > 0


def test_a_reply_with_another_id_is_no_answer(questions: Path) -> None:
    def answers(packet: bytes, number: int) -> list[bytes]:
        wrong = bytes([packet[0] ^ 0x80]) + packet[1:]
        return [reply_to(wrong), reply_to(packet)]

    found = load(questions, answers, SINGLE)
    assert found.answered == found.sent
    assert found.stray >= found.answered


def test_what_is_no_reply_is_malformed(questions: Path) -> None:
    found = load(questions, lambda packet, _: [packet, reply_to(packet)], SINGLE)
    assert found.answered == found.sent
    assert found.malformed >= found.answered


def test_questions_are_asked_in_their_order_and_again(questions: Path) -> None:
    seen: list[bytes] = []

    def answers(packet: bytes, _: int) -> list[bytes]:
        seen.append(packet[2:])
        return [reply_to(packet)]

    load(questions, answers, Shape(name="one", title="", sockets=1))
    first = workload("static", facts(hosts=50)).questions[:100]
    assert seen[:100] == [question.packet()[2:] for question in first]
    assert len(seen) > 100
    assert seen[100] == seen[0]


def test_each_socket_has_a_port_of_its_own_and_questions_ids(questions: Path) -> None:
    ids: Counter[bytes] = Counter()

    def answers(packet: bytes, _: int) -> list[bytes]:
        ids[packet[:2]] += 1
        return [reply_to(packet)]

    found = load(questions, answers, SINGLE)
    assert ids[b"\0\0"] == SINGLE.sockets, "the first of each"
    assert found.sent == ids.total()


def test_a_server_that_stalls_answers_for_all_that_came_meanwhile(questions: Path) -> None:
    """It takes 50 questions, which come within 100 ms, before it answers any: half of them waited 50 ms and more."""
    held: list[bytes] = []

    def answers(packet: bytes, _: int) -> list[bytes]:
        held.append(packet)
        if len(held) < 50:
            return []
        replies = [reply_to(each) for each in held]
        held.clear()
        return replies

    with answering(answers) as port:
        found = ask(port, questions, Shape(name="one", title="", sockets=1, rate=500), 0.6, timeout=5.0)
    assert found.answered == 300
    assert found.latency.p50 > 40_000
    assert found.latency.max > 90_000


def test_a_burst_as_one_buffer_arrives_packet_by_packet(questions: Path) -> None:
    """Those of one length after each other are one buffer; no packet is lost, and none is seen as two."""
    seen: list[bytes] = []

    def answers(packet: bytes, _: int) -> list[bytes]:
        seen.append(packet[2:])
        return [reply_to(packet)]

    load(questions, answers, Shape(name="one", title="", sockets=1, window=8, trains=True))
    assert seen[:100] == [question.packet()[2:] for question in workload("static", facts(hosts=50)).questions[:100]]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--target", "127.0.0.1"], "'127.0.0.1' is no IPv4 address with a port"),
        (["--target", "127.0.0.1:53"], "load --target ADDR:PORT --questions FILE"),
        (["--target", "127.0.0.1:53", "--questions", "/dev/null"], "/dev/null: no question in it"),
    ],
)
def test_wrong_usage_is_told(words: list[str], fault: str) -> None:
    done = subprocess.run([str(LOAD), *words], capture_output=True, text=True)
    assert done.returncode != 0
    assert fault in done.stderr


def test_a_broken_file_of_questions_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "broken"
    path.write_bytes(b"\0\x0c" + bytes(12) + b"\0\xff")
    done = subprocess.run([str(LOAD), "--target", "127.0.0.1:53", "--questions", str(path)], capture_output=True)
    assert b"at octet 14 stands no packet" in done.stderr
