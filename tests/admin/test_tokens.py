"""The file of tokens."""

import logging
from hashlib import sha256
from pathlib import Path

import pytest

from geodns.admin.token_file import TokenFile
from geodns.admin.tokens import read_tokens
from geodns.config.problem import ConfigError

READER, WRITER = "reader-reader-reader", "writer-writer-writer"
FILE = f"""\
- {{name: prometheus, sha256: {sha256(READER.encode()).hexdigest()}, role: read}}
- {{name: alice, token: {WRITER}, role: write}}
"""


def name_of(file: TokenFile, token: str) -> str | None:
    holder = file.tokens().holder_of(f"Bearer {token}")
    return holder.name if holder else None


@pytest.mark.parametrize(
    ("authorization", "name"),
    [
        (f"Bearer {READER}", "prometheus"),
        (f"Bearer {WRITER}", "alice"),
        (f"bearer  {WRITER} ", "alice"),
        (f"Basic {WRITER}", None),
        (WRITER, None),
        ("", None),
        ("Bearer ", None),
        ("Bearer wrong", None),
        (f"Bearer {WRITER}x", None),
        (f"Bearer {sha256(READER.encode()).hexdigest()}", None),
        ("Bearer \udcff", None),
    ],
)
def test_who_shows_a_token_is_known_by_its_name(authorization: str, name: str | None) -> None:
    holder = read_tokens(FILE.encode(), "tokens.yaml").holder_of(authorization)
    assert (holder.name if holder else None) == name


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "tokens.yaml: the file has no token; write - {name: alice"),
        ("[]", "the file has no token"),
        ("alice: x", "tokens.yaml:1:1: the file is a list, such as - {name: alice"),
        (f"- {READER}", "tokens.yaml:1:3: a token has a name and a role: - {name: alice"),
        ("- [", "this is no YAML"),
        ("- {name: a, role: read}", "'a' needs one of token and sha256"),
        (f"- {{name: a, role: read, token: {READER}, sha256: {'0' * 63}a}}", "'a' needs one of token and sha256"),
        (f"- {{name: a, role: admin, token: {READER}}}", "'role' is 'admin'; it has to be read or write"),
        (f"- {{name: a, token: {READER}}}", "the key 'role' is missing"),
        (f"- {{name: a, rol: read, token: {READER}}}", "unknown key 'rol'; did you mean 'role'?"),
        (f"- {{name: a b, role: read, token: {READER}}}", "'a b' is no name"),
        ("- {name: a, role: read, token: hunter2}", "openssl rand -hex 32 makes one"),
        ("- {name: a, role: read, token: 12345678901234567890}", "openssl rand -hex 32 makes one"),
        ("- {name: a, role: read, sha256: abcd}", "'sha256' has to be 64 hex digits"),
        (FILE + FILE, "tokens.yaml:3:10: there is a token of 'prometheus' already"),
    ],
)
def test_a_file_that_is_wrong_is_refused_at_its_place(content: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_tokens(content.encode(), "tokens.yaml")
    assert problem in str(caught.value)


@pytest.mark.parametrize("secret", ["hunter2", "12345678901234567890", "'hunter 2 hunter 2 hunter 2'"])
@pytest.mark.parametrize("written", ["- {name: a, token: SECRET, role: read}", "- SECRET", "- [SECRET]", "a: SECRET"])
def test_no_message_shows_a_token(written: str, secret: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_tokens(written.replace("SECRET", secret).encode(), "tokens.yaml")
    assert secret.strip("'") not in str(caught.value)


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "tokens.yaml"
    path.write_text(FILE)
    file = TokenFile(path)
    assert name_of(file, WRITER) == "alice"
    path.write_text(FILE.replace("alice", "robert"))
    assert name_of(file, WRITER) == "robert"


def test_a_file_that_broke_leaves_the_last_good_tokens(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "tokens.yaml"
    path.write_text(FILE)
    path.chmod(0o600)
    file = TokenFile(path)
    path.write_text("- nonsense")
    assert [name_of(file, WRITER), name_of(file, WRITER)] == ["alice", "alice"]
    path.unlink()
    assert [name_of(file, WRITER), name_of(file, WRITER)] == ["alice", "alice"]
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]  # each fault once
    path.write_text("- {name: mallory, token: somebody-elses-token, role: read}\n")
    assert name_of(file, WRITER) is None


def test_a_file_that_is_missing_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"tokens\.yaml: the file of tokens cannot be read: No such file"):
        TokenFile(tmp_path / "tokens.yaml")


@pytest.mark.parametrize(
    ("mode", "content", "warns"),
    [(0o644, FILE, True), (0o640, FILE, False), (0o600, FILE, False), (0o644, FILE.splitlines()[0], False)],
)
def test_plain_tokens_that_everybody_can_read_are_worth_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int, content: str, warns: bool
) -> None:
    path = tmp_path / "tokens.yaml"
    path.write_text(content)
    path.chmod(mode)
    with caplog.at_level(logging.WARNING):
        TokenFile(path)
    assert ("chmod o-r" in caplog.text) is warns
