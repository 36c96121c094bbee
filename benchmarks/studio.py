"""Load on the studio's API, on this machine's loopback alone, with hey (a package of Debian and others).

python benchmarks/studio.py [--seconds 60]

Shown for each number of clients: answers by status, how long those with a picture took, and the server's memory.
"""

import argparse
import csv
import io
import subprocess
import sys
from collections import Counter
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from studio_server import Server, serving

LINE = "no two letters are ever quite the same.."
"""40 characters."""

CLIENTS = 1, 8, 50


def load(server: Server, clients: int, seconds: int) -> tuple[Counter[str], list[float]]:
    """Answers by status, and the times of those with a picture, in ms."""
    address = f"{server.address}/v1/render?hand=Quill&text={LINE.replace(' ', '+')}"
    command = ["hey", "-z", f"{seconds}s", "-c", str(clients), "-t", "30", "-o", "csv", address]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 60)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    times = [1000 * float(row["response-time"]) for row in rows if row["status-code"] == "200"]
    return Counter(row["status-code"] for row in rows), times


def memory(server: Server) -> float:
    """What the server holds, in MB (Linux)."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    seconds = parser.parse_args().seconds
    with serving() as server:
        load(server, 2, 3)
        print(f"at first: {memory(server):.0f} MB")
        for clients in CLIENTS:
            answers, times = load(server, clients, seconds)
            at = quantiles(times, n=100)
            said = ", ".join(f"{count:,} x {status}" for status, count in sorted(answers.items()))
            print(f"{clients} clients, {seconds} s: {said}; {memory(server):.0f} MB")
            shown = f"median {at[49]:.0f}, p95 {at[94]:.0f}, p99 {at[98]:.0f}"
            print(f"  pictures: {len(times) / seconds:.0f} a second; ms: {shown}")


if __name__ == "__main__":
    main()
