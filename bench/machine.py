"""The machine that figures are of: a figure without it says nothing."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    cpu: str
    cores: int
    virtual: bool
    memory: int  # octets
    kernel: str
    system: str
    python: str
    date: str

    def __str__(self) -> str:
        kind = "virtual machine" if self.virtual else "machine"
        cores = f"{self.cores} core{'s' if self.cores > 1 else ''}"
        return (
            f"{self.cpu}, {cores} ({kind}), {self.memory / 2**30:.0f} GiB, "
            f"{self.system}, Linux {self.kernel}, Python {self.python}"
        )


def this_machine() -> Machine:
    cpuinfo = Path("/proc/cpuinfo").read_text()
    return Machine(
        cpu=_field(cpuinfo, "model name"),
        cores=os.cpu_count() or 1,
        virtual="hypervisor" in _field(cpuinfo, "flags").split(),
        memory=os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"),
        kernel=platform.release(),
        system=_system(),
        python=platform.python_version(),
        date=datetime.now(UTC).date().isoformat(),
    )


def _field(text: str, key: str) -> str:
    lines = (line.partition(":") for line in text.splitlines())
    return next((value.strip() for name, _, value in lines if name.strip() == key), "unknown CPU")


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()
