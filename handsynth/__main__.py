"""`python -m handsynth` is the command `handsynth`."""

import sys

from handsynth.cli import main

if __name__ == "__main__":
    sys.exit(main())
