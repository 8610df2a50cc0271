"""Time of ``voirie --help`` beside that of Python's own start.

Figures of a shared machine wander, so the two are measured in turn and given as a ratio of
medians: 1 is a command that costs nothing.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

BARE = [sys.executable, "-c", "pass"]
HELP = [sys.executable, "-m", "voirie", "--help"]


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    seconds(BARE), seconds(HELP)  # warm the disk's cache
    pairs = [(seconds(BARE), seconds(HELP)) for _ in range(rounds)]
    bare, full = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"python -c pass   {bare * 1000:6.1f} ms (median of {rounds})")
    print(f"voirie --help    {full * 1000:6.1f} ms")
    print(f"ratio            {full / bare:6.2f}")


if __name__ == "__main__":
    main()
