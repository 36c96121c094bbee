/** Breaking a run of glyphs into lines: first fit, at blanks and hyphens. handsynth/layout/lines.py. */

import type { Glyph, Script } from "./words";

export interface Lines {
  /** The glyphs that are drawn, in reading order: numbers in the script. */
  kept: number[];
  /** Centre line of each kept glyph, in x-heights from the left edge of the text. */
  x: number[];
  line: number[];
  /** Lines, blank ones included. */
  count: number;
  /** The glyphs with which a line begins inside a word, for want of a better place. */
  torn: number[];
}

/** In lines no wider than `wrap`; `step`, `left`, `right`, `indent` of each glyph, all in x-heights. */
export function breakLines(
  script: Script,
  step: ArrayLike<number>,
  left: ArrayLike<number>,
  right: ArrayLike<number>,
  indent: ArrayLike<number>,
  wrap: number | null,
): Lines {
  const { glyphs } = script;
  const core: number[] = [];
  const hyphen = new Map<number, number>(); // of the glyph that it follows
  glyphs.forEach(({ optional }, i) => (optional ? hyphen.set(i - 1, i) : core.push(i)));
  const at = (i: number): Glyph => glyphs[core[i]];
  const total = core.length;
  const limit = wrap ?? Infinity;
  const position = new Float64Array(total);
  core.forEach((glyph, i) => (position[i] = (i ? position[i - 1] : 0) + step[glyph]));
  const starts = core.map((glyph, i) => position[i] + left[glyph]);
  const ends = core.map((glyph, i) => position[i] + right[glyph]);
  // what a hyphen adds if the line ends after this glyph
  const tails = core.map((glyph, i) => {
    const mark = hyphen.get(glyph);
    return mark === undefined ? 0 : position[i] + step[mark] + right[mark] - ends[i];
  });
  const edgeOf = (first: number) => Math.min(...starts.slice(first, first + 3)) - indent[core[first]];

  const bounds: number[] = []; // first glyph of each line
  const numbers: number[] = [];
  const torn: number[] = [];
  const bare = new Set<number>(); // breaks at which a hyphen has no room
  let number = 0;
  for (let first = 0; first < total;) {
    number += at(first).newlines;
    const edge = edgeOf(first);
    const fits = (cut: number) => ends[cut - 1] + tails[cut - 1] - edge <= limit;
    let [stop, last, spare] = [first + 1, 0, 0];
    while (stop < total && !at(stop).newlines) {
      if (fits(stop) && at(stop).breakable) last = stop;
      else if (fits(stop) && at(stop).weak) spare = stop;
      if (ends[stop] - edge > limit) {
        if (!(last || spare)) {
          let room: number[] = [];
          for (let cut = first + 1; cut <= stop; cut++) if (fits(cut)) room.push(cut);
          // not after a single letter, and where a hyphen fits
          const marked = room.filter((cut) => hyphen.has(core[cut - 1]) && cut >= Math.max(first + 2, stop - 4));
          if (marked.length) room = marked;
          const furthest = room.at(-1) ?? 0;
          const cut = room.length && (furthest > first + 1 || stop === first + 1) ? furthest : 0;
          if (!cut) bare.add(stop - 1);
          stop = cut || stop;
          torn.push(stop);
        }
        stop = last || spare || stop;
        break;
      }
      stop++;
    }
    bounds.push(first);
    numbers.push(number);
    first = stop;
    if (first < total && !at(first).newlines) number++;
  }

  const placed: { glyph: number; x: number; line: number }[] = [];
  bounds.forEach((first, i) => {
    const edge = edgeOf(first);
    const stop = bounds[i + 1] ?? total;
    for (let k = first; k < stop; k++) placed.push({ glyph: core[k], x: position[k] - edge, line: numbers[i] });
    const mark = hyphen.get(core[stop - 1]);
    if (stop < total && !at(stop).newlines && !bare.has(stop - 1) && mark !== undefined) {
      placed.push({ glyph: mark, x: position[stop - 1] - edge + step[mark], line: numbers[i] });
    }
  });
  return {
    kept: placed.map(({ glyph }) => glyph),
    x: placed.map(({ x }) => x),
    line: placed.map(({ line }) => line),
    count: number + 1 + script.ends,
    torn: torn.map((stop) => core[stop]),
  };
}
