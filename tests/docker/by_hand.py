"""The image built by hand: each COPY and RUN is carried out as the Dockerfile has it, in a folder, without an engine.

What is different from an engine's work:

- The image's own folders lie below a folder: /opt/geodns in an instruction means ROOT/opt/geodns here.
- FROM brings no files: an interpreter and the pip of this machine stand in for those of the base image.
- apt-get does nothing. Where we are not root, neither do setcap and USER: all is done by whoever runs the tests.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.docker.context import copy_context
from tests.docker.dockerfile import Instruction, Stage, our_stages

# The image's own folders, and the one whose content it changes.
OWN = ("/src", "/wheels", "/opt/geodns", "/etc/geodns", "/var/lib/geodns", "/usr/local/lib", "/demo")
SYSTEM = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
_OWN = re.compile(rf"(?<![\w./])(?:{'|'.join(OWN)})(?![\w.])")


@dataclass(frozen=True, slots=True)
class Image:
    """`root`: where the final stage lies; earlier stages lie beside it, by their names. `user` None: whoever we are."""

    root: Path
    final: Stage
    user: int | None
    tools: Path

    def here(self, text: str) -> str:
        """With the image's paths as they are on this machine."""
        return in_folder(text, self.root)

    def path(self, text: str) -> Path:
        return Path(self.here(text))

    def environment(self) -> dict[str, str]:
        """Of a container: what the Dockerfile says, and nothing of ours."""
        found = self.final.environment(f"{self.tools}:{SYSTEM}")
        return {name: self.here(value) for name, value in found.items()} | {"HOME": "/"}

    def command(self) -> list[str]:
        return [self.here(word) for word in (*self.final.the("ENTRYPOINT").words(), *self.final.the("CMD").words())]

    def health_command(self) -> list[str]:
        _, _, words = self.final.the("HEALTHCHECK").text.partition("CMD ")
        return [self.here(word) for word in Instruction("CMD", (), words).words()]


def in_folder(text: str, root: Path) -> str:
    return _OWN.sub(lambda found: f"{root}{found[0]}", text)


def build_image(folder: Path) -> Image:
    """Takes a while, and PyPI. `folder` is empty, and everybody may look into it."""
    context, root, tools = folder / "context", folder / "image", folder / "tools"
    copy_context(context)
    stages = our_stages()
    wanted = int(stages[-1].the("USER").words()[0].partition(":")[0])
    user = wanted if os.geteuid() == 0 and _interpreter(wanted) else None
    _lay_out_tools(tools, _interpreter(user) or sys.executable)
    for stage in stages:
        _carry_out(stage, context, root, tools, wanted)
        if stage is not stages[-1]:
            root.rename(folder / str(stage.name))
    return Image(root, stages[-1], user, tools)


def _carry_out(stage: Stage, context: Path, root: Path, tools: Path, user: int) -> None:
    work = root
    root.mkdir()
    # How pip reaches its index is the machine's business; where Python looks for modules is not.
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    environment = {**ours, **stage.environment(f"{tools}:{SYSTEM}")}
    for each in stage.instructions:
        match each.word:
            case "WORKDIR":
                work = Path(in_folder(each.text, root))
                work.mkdir(parents=True)
            case "COPY":
                source = each.flag("from")
                _copy(each.words(), root.with_name(source) if source else context, root, work)
            case "RUN":
                # Only root may give files away.
                said = each.text if os.geteuid() == 0 else each.text.replace(str(user), str(os.getuid()))
                subprocess.run(["sh", "-ec", in_folder(said, root)], check=True, cwd=work, env=environment)


def _copy(words: Sequence[str], origin: Path, root: Path, work: Path) -> None:
    """Cases: 1. the content of a folder, 2. files into a folder, 3. a file under a name."""
    *sources, to = words
    target = Path(in_folder(to, root)) if to.startswith("/") else work / to
    for source in sources:
        found = origin / source.lstrip("/")
        if found.is_dir():
            # cp, not shutil: it keeps capabilities, as engines do.
            target.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-a", f"{found}/.", str(target)], check=True)
            continue
        into = target if to.endswith("/") else target.parent
        into.mkdir(parents=True, exist_ok=True)
        shutil.copy(found, target)


def _lay_out_tools(tools: Path, python: str) -> None:
    """Commands of the base image."""
    nothing = "true"
    may_set = os.geteuid() == 0 and shutil.which("setcap", path=SYSTEM)
    scripts = {
        "python": python,
        "python3": python,
        "pip": f"{sys.executable} -m pip --quiet --disable-pip-version-check",
        "apt-get": nothing,
        **({} if may_set else {"setcap": nothing}),
    }
    tools.mkdir()
    for name, command in scripts.items():
        (tools / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        (tools / name).chmod(0o755)


def _interpreter(user: int | None) -> str | None:
    """One that this user can run; what lies in root's home, others cannot."""
    candidates = [f"{sys.base_prefix}/bin/python3", shutil.which("python3", path=SYSTEM)]
    enough = "import sys, venv; sys.exit(sys.version_info < (3, 11))"
    for candidate in filter(None, candidates):
        try:
            if subprocess.run([candidate, "-c", enough], user=user, capture_output=True, cwd="/").returncode == 0:
                return candidate
        except PermissionError:
            continue
    return None
