"""What the Dockerfile says fits what it refers to: the context, geodns' command line, its settings."""

from ipaddress import ip_address
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import pytest

from geodns.cli.main import make_parser
from geodns.config.server import load_settings
from tests.docker.by_hand import OWN
from tests.docker.context import context_files, is_left_out, read_patterns
from tests.docker.dockerfile import DOCKER, Stage, our_stages, read_stages

BUILD, FINAL = our_stages()


def _copied(stage: Stage) -> list[tuple[str, str]]:
    """Out of the context: what, and to where."""
    pairs = [instruction.words() for instruction in stage.all_of("COPY") if not instruction.flag("from")]
    return [(source, words[-1]) for words in pairs for source in words[:-1]]


@pytest.mark.parametrize(("source", "to"), [*_copied(BUILD), *_copied(FINAL)])
def test_what_is_copied_is_in_the_context(source: str, to: str) -> None:
    path = PurePosixPath(source)
    assert any(path == each or path in each.parents for each in context_files())


def test_the_context_holds_nothing_that_is_not_copied() -> None:
    wanted = {PurePosixPath(source) for source, _ in (*_copied(BUILD), *_copied(FINAL))}
    assert [path for path in context_files() if not wanted & {path, *path.parents}] == []


def test_what_comes_from_an_earlier_stage_is_made_there() -> None:
    for instruction in FINAL.all_of("COPY"):
        if instruction.flag("from"):
            assert instruction.flag("from") == BUILD.name
            assert any(instruction.words()[0] in each.text for each in BUILD.all_of("RUN"))


@pytest.mark.parametrize("flag", ["chown", "link"])
def test_nothing_is_copied_in_a_way_that_loses_the_capability(flag: str) -> None:
    assert all(instruction.flag(flag) is None for instruction in FINAL.all_of("COPY"))


def test_both_stages_have_the_same_python_and_it_is_a_slim_one() -> None:
    assert [BUILD.base, FINAL.base] == ["python:3.12-slim"] * 2


def test_the_command_is_one_that_geodns_understands() -> None:
    program, *words = [*FINAL.the("ENTRYPOINT").words(), *FINAL.the("CMD").words()]
    args = make_parser("serve").parse_args(words)
    assert program == "geodns"
    assert args.config == Path("/etc/geodns/geodns.yaml")
    assert ("docker/geodns.yaml", str(args.config)) in _copied(FINAL)


def test_it_runs_as_a_user_with_a_number_who_owns_the_state() -> None:
    user, _, group = FINAL.the("USER").text.partition(":")
    assert user.isdigit()
    assert int(user) > 0
    assert any(f"-o {user} -g {group} {FINAL.the('VOLUME').text}" in each.text for each in FINAL.all_of("RUN"))


def test_no_capability_is_given_but_the_one_for_low_ports() -> None:
    given = [each.text for stage in (BUILD, FINAL) for each in stage.all_of("RUN") if "setcap" in each.text]
    assert given == ["setcap cap_net_bind_service=+ep /opt/geodns/bin/python"]


def test_the_health_check_is_a_file_of_the_image_and_leaves_the_reason_time_to_be_told() -> None:
    check = FINAL.the("HEALTHCHECK")
    assert check.flag("timeout") == "5s"
    assert ("docker/ready.py", "/opt/geodns/ready.py") in _copied(FINAL)
    assert check.text == 'CMD ["python3", "/opt/geodns/ready.py"]'
    assert "PATIENCE = 4.0" in (DOCKER / "ready.py").read_text()


def test_the_settings_fit_the_image() -> None:
    settings = load_settings(DOCKER / "geodns.yaml")
    assert settings.zones == (DOCKER / "zones",)  # beside geodns.yaml, which lies in /etc/geodns there
    assert str(settings.state) == FINAL.the("VOLUME").text
    assert [endpoint.port for endpoint in settings.listen] == [53]
    assert FINAL.the("EXPOSE").words() == ["53/udp", "53/tcp"]


def test_the_health_check_and_the_command_line_ask_where_the_admin_endpoint_is() -> None:
    admin = load_settings(DOCKER / "geodns.yaml").admin
    asked = urlsplit(FINAL.environment("")["GEODNS_ADMIN"])
    assert admin.listen is not None
    assert (admin.listen.address, admin.listen.port) == (ip_address(asked.hostname or ""), asked.port)
    assert admin.listen.address.is_loopback  # on any other address it would need tokens


def test_the_folders_of_the_image_are_known_to_the_build_by_hand() -> None:
    named = [to for _, to in (*_copied(BUILD), *_copied(FINAL)) if to.startswith("/")]
    named += [FINAL.the("VOLUME").text, *(each.text for each in BUILD.all_of("WORKDIR"))]
    assert all(any(path == own or path.startswith(f"{own}/") for own in OWN) for path in named)


@pytest.mark.parametrize(
    ("path", "left_out"),
    [
        ("geodns/cli/main.py", False),
        ("geodns/cli/__pycache__/main.pyc", True),
        ("geodns/answer/reply.so", True),
        ("docker/geodns.yaml", False),
        ("docker/compose.yaml", True),
        ("tests/conftest.py", True),
        (".git/config", True),
        ("state/lock", True),
    ],
)
def test_dockerignore_lets_through_what_a_build_needs(path: str, left_out: bool) -> None:
    patterns = read_patterns((DOCKER.parent / ".dockerignore").read_text())
    assert is_left_out(PurePosixPath(path), patterns) is left_out


def test_comments_continued_lines_and_flags_are_read() -> None:
    (stage,) = read_stages(
        'FROM a AS b\n# no\nRUN one \\\n# no\n    two\nCOPY --from=x --link=no /y "/z a"\nCMD ["c"]\n'
    )
    run, copy, command = stage.instructions
    assert (stage.base, stage.name, run.text.split()) == ("a", "b", ["one", "two"])
    assert (copy.flag("from"), copy.words(), command.words()) == ("x", ["/y", "/z a"], ["c"])
