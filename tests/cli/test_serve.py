"""What `serve` is told, and what of it holds until the next start."""

import logging
from pathlib import Path

import pytest

from geodns.cli.wishes import Wishes
from geodns.config.problem import ConfigError

FILE = """\
listen: 127.0.0.1:5300
workers: 3
zones: zones/
admin: {listen: 127.0.0.1:8099, tokens: tokens.yaml, hosts: [dns.example.com]}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "geodns.yaml"
    path.write_text(FILE)
    return path


def test_the_command_line_wins_over_the_file(file: Path) -> None:
    wishes = Wishes(config=str(file), listen=("127.0.0.2:53",), admin="off", workers=0, state="here", verbose=True)
    settings = wishes.settings()
    assert [str(endpoint) for endpoint in settings.listen] == ["127.0.0.2:53"]
    assert (settings.admin.listen, settings.workers, settings.state) == (None, 0, Path("here"))
    assert settings.log_level == "debug"


def test_wishes_survive_the_way_to_a_child(file: Path) -> None:
    wishes = Wishes(config=str(file), zones=("zones",), listen=("[::1]:53",)).settled()
    assert Wishes.decode(wishes.encode()) == wishes


def test_a_file_broken_after_the_start_does_not_open_the_admin_endpoint_to_everybody(file: Path) -> None:
    wishes = Wishes(config=str(file)).settled()
    file.write_text("listen: [")
    with pytest.raises(ConfigError):
        wishes.settings()
    admin = wishes.settings_or_defaults().admin
    assert str(admin.listen) == "127.0.0.1:8099"
    assert admin.tokens == file.parent / "tokens.yaml"
    assert admin.hosts == ("dns.example.com",)


def test_what_needs_a_restart_is_said_and_not_done(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    wishes = Wishes(config=str(file)).settled()
    wishes.settings_for_reload()
    assert caplog.messages == []
    file.write_text(FILE.replace("workers: 3", "workers: 4"))
    with caplog.at_level(logging.WARNING):
        assert wishes.settings().workers == 3, "the watcher asks this every few seconds, and says nothing"
        assert wishes.settings_for_reload().workers == 3
    assert caplog.messages == [f"{file}: listen, workers, tls or admin have changed; that takes hold at the next start"]
