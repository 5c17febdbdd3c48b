"""The page on conformance tells what the tests hold."""

from tests.clients.commands import COMMANDS
from tests.clients.dnsperf import TRANSPORTS
from tests.docs.pages import page
from tests.inspectors.test_inspectors import NOTED
from tests.judge.page import PAGE, table


def test_every_explanation_is_on_the_page_as_it_is_here() -> None:
    assert table() in page(PAGE), "put them in with python -m tests.judge.page"


def test_what_zonemaster_notes_is_on_the_page_with_its_reason() -> None:
    for (level, tag), reason in NOTED.items():
        assert f"| {level} | `{tag}` | {reason} |" in page(PAGE)


def test_the_page_has_the_right_counts() -> None:
    assert f"{len(COMMANDS)} commands" in page(PAGE)
    assert TRANSPORTS == ("udp", "tcp", "dot", "doh")
    assert "over UDP, TCP, TLS and HTTPS" in page(PAGE)
