"""What Linux tells of processes."""

import json
from pathlib import Path


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def is_alive(pid: int) -> bool:
    """A zombie is not: it has ended, and waits for somebody to ask how."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def name_of(pid: int) -> str:
    """Empty for a process that has not become what it is to be yet, or is gone."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    if "geodns.serve.worker" in words:
        return f"worker {json.loads(words[words.index('geodns.serve.worker') + 1])['number']}"
    return "control" if "geodns.cli.control_process" in words else ""
