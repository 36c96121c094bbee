"""Time and memory of rendering longer and longer texts, in one process: both should be linear and modest.

python benchmarks/render.py
"""

import resource
import time

import handsynth

SENTENCE = "It was a bright cold day in April, and the clocks were striking thirteen. "


def main() -> None:
    handsynth.render("warm", size=16)
    for repeats in (4, 16, 64):
        text = SENTENCE * repeats
        start = time.perf_counter()
        picture = handsynth.render(text, size=16, wrap=1200)
        spent = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        letters = len(text.replace(" ", ""))
        speed = f"{spent:5.2f} s, {letters / spent:6,.0f} letters/s"
        print(f"{letters:6,} letters: {speed}, {picture.size}, {peak:,.0f} MB peak")


if __name__ == "__main__":
    main()
