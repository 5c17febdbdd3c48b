"""python -m geodns: the same as the command `geodns`."""

import sys

from geodns.cli.main import main

sys.exit(main())
