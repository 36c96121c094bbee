"""The command: tries for a while, prints a table of counts, and ends with 1 where anything is wrong."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from .runner import run  # noqa: E402
from .targets import TARGETS  # noqa: E402

KINDS = "read", "refused", "traceback", "hang", "memory", "crash", "litter"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Damaged inputs for every parser.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", choices=sorted(TARGETS), action="append", help="only these")
    asked = parser.parse_args()
    found = run({name: TARGETS[name] for name in asked.target or TARGETS}, asked.seed, asked.seconds)
    print(f"{'target':<20}{'tried':>8}" + "".join(f"{kind:>11}" for kind in KINDS))
    for name, counts in found.items():
        print(f"{name:<20}{counts.tried:>8}" + "".join(f"{counts.outcomes[kind]:>11}" for kind in KINDS))
    faults = [(name, *fault) for name, counts in found.items() for fault in counts.faults]
    print(f"{'in all':<20}{sum(counts.tried for counts in found.values()):>8}; faults: {len(faults)}")
    for name, number, said in faults[:20]:
        print(f"\n{name}, input {number} of seed {asked.seed}:\n{said}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
