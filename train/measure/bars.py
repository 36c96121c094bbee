"""What the default model should reach, and whether a report says that it does."""

from __future__ import annotations

from dataclasses import dataclass

MERGED_BELOW = {0.7: 0.0, 1.0: 2.0}
"""Points that case-merged recognisability may lie below real writing, by temperature."""
CAS = 92.0
FD_TIMES_FLOOR = 1.4
JUDGE_FD_TIMES_FLOOR = 1.25
COVERAGE = 0.8
GAIN = 5.0
WITHIN = 0.15
RETRIEVAL = 0.60
SIZE = 8.0


@dataclass(frozen=True)
class Bar:
    """One goal and the figure that it is held against."""

    goal: str
    figure: str
    reached: bool


def bars(found: dict[str, float]) -> list[Bar]:
    """The bars that the figures of `found` allow to be judged, by the names that `evaluate` gives them."""
    made = []

    def add(goal: str, figure: str, reached: bool) -> None:
        made.append(Bar(goal, figure, bool(reached)))

    for who, whose in (("", ""), ("judge ", ", by the judge")):
        for temperature, below in MERGED_BELOW.items():
            name = f"{who}merged {temperature:g}"
            if name in found:
                real = found[f"{who}merged real"]
                limit = f"within {below:g} points of real writing" if below else "at least that of real writing"
                goal = f"case-merged recognisability at temperature {temperature:g} {limit}{whose}"
                add(goal, f"{found[name]:.1f} %, real {real:.1f} %", found[name] >= real - below)
    if "judge merged rendered" in found:
        figure = f"{found['judge merged rendered']:.1f} %, real {found['judge merged real']:.1f} %"
        goal = "case-merged recognisability as `render` draws at least that of real writing, by the judge"
        add(goal, figure, found["judge merged rendered"] >= found["judge merged real"])
    if "cas" in found:
        add(f"classification accuracy score at least {CAS:g} %", f"{found['cas']:.1f} %", found["cas"] >= CAS)
    if "judge fd" in found:
        times = found["judge fd"] / max(1e-9, found["judge fd floor"])
        figure = f"{times:.2f} ({found['judge fd']:.2f} / {found['judge fd floor']:.2f})"
        goal = f"Fréchet distance at most {JUDGE_FD_TIMES_FLOOR:g} x the floor, by the judge"
        add(goal, figure, times <= JUDGE_FD_TIMES_FLOOR)
    if "fd" in found:
        times = found["fd"] / found["fd floor"]
        figure = f"{times:.2f} ({found['fd']:.2f} / {found['fd floor']:.2f})"
        add(f"Fréchet distance at most {FD_TIMES_FLOOR:g} x the floor", figure, times <= FD_TIMES_FLOOR)
        add(f"coverage at least {COVERAGE:g}", f"{found['coverage']:.3f}", found["coverage"] >= COVERAGE)
    if "fd seed" in found:
        above = found["fd"] - found["fd floor"]
        gain = (found["fd seed"] - found["fd floor"]) / above if above > 0 else float("inf")
        add(f"(FD of seed - floor) / (FD - floor) at least {GAIN:g}", f"{gain:.1f}", gain >= GAIN)
    for name in ("share of grey pixels", "connected components"):
        if name in found:
            ratio = found[name]
            add(f"{name} within {100 * WITHIN:g} % of real", f"{100 * (ratio - 1):+.1f} %", abs(ratio - 1) <= WITHIN)
    if "retrieval 20" in found:
        share = found["retrieval 20"] / max(1e-9, found["retrieval real"])
        figure = f"{100 * share:.0f} % ({100 * found['retrieval 20']:.0f} / {100 * found['retrieval real']:.0f} %)"
        goal = f"writer retrieval from 20 glyphs at least {100 * RETRIEVAL:g} % of real to real"
        add(goal, figure, share >= RETRIEVAL)
        rates = [found[f"retrieval {n}"] for n in (1, 5, 20, 40)]
        rising = all(b >= a for a, b in zip(rates, rates[1:], strict=False)) and rates[-1] > rates[0]
        add("retrieval rises from 1 to 40 glyphs", " → ".join(f"{100 * r:.0f}" for r in rates) + " %", rising)
    if "size" in found:
        add(f"model at most {SIZE:g} MiB", f"{found['size']:.2f} MiB", found["size"] <= SIZE)
    return made
