"""One input once more, to look at it in a debugger: python -m fuzz.replay TARGET FILE..."""

import sys
from pathlib import Path

from fuzz.targets import TARGETS


def main() -> None:
    target, *files = sys.argv[1:]
    for file in files:
        TARGETS[target](Path(file).read_bytes())
        print(f"{file}: within the law")


if __name__ == "__main__":
    main()
