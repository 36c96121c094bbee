"""Vector ink: curves a glyph, their largest distance from the edge, and glyphs a second on one core.

python benchmarks/outline.py [HAND …]
"""

import sys
import time

import numpy as np

import handsynth
from handsynth.ink.centreline import traces
from handsynth.ink.outline import deviation, outlines

TEXT = (
    "It was a bright cold day in April, and the clocks were striking thirteen. Quick JUMPING zebras vexed 4 of 1,760! "
)
GLYPHS = 2500


def main() -> None:
    for hand in sys.argv[1:] or ["Quill", "Onyx", "Reed"]:
        page = handsynth.typeset(TEXT * 30, hand=hand)
        fields = page.fields[:GLYPHS]
        start = time.process_time()
        found = outlines(fields, page.frame)
        spent = time.process_time() - start
        some = slice(0, 500)
        away = deviation(outlines(fields[some], page.frame), fields[some], page.frame)
        contours = len(found.contours) - 1
        print(
            f"{hand}: {len(found.segments) / len(fields):.1f} curves a glyph in {contours / len(fields):.2f} contours "
            f"({3 * len(found.segments) / len(fields):.0f} points), {found.straight.mean():.1%} straight; "
            f"from the edge {np.median(away):.3f} px in the median glyph, {np.quantile(away, 0.99):.3f} px in 99 %, "
            f"{away.max():.3f} px at most; {len(fields) / spent:,.0f} glyphs/s ({spent:.2f} s of one core)"
        )
        start = time.process_time()
        strokes = traces(fields, page.frame)
        spent = time.process_time() - start
        count = sum(map(len, strokes))
        points = sum(len(trace.points) for glyph in strokes for trace in glyph)
        print(
            f"  centrelines: {count / len(fields):.2f} strokes and {points / len(fields):.0f} points a glyph; "
            f"{len(fields) / spent:,.0f} glyphs/s ({spent:.2f} s of one core)"
        )


if __name__ == "__main__":
    main()
