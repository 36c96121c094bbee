"""`python -m handsynth` and the command `handsynth`."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line; Ctrl-C ends it quietly with 130 at any moment, while it still loads too."""
    try:
        import signal

        found = signal.getsignal(signal.SIGINT)
        if found is signal.default_int_handler:
            # there is nothing to tidy up while modules load, and an exception could get lost in one of them
            signal.signal(signal.SIGINT, lambda *_: os._exit(130))
        from handsynth.cli.app import main as run

        if found is signal.default_int_handler:
            signal.signal(signal.SIGINT, found)
        return run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
