/** The strokes of a page in the order in which a person writes them: handsynth/formats/writing.py. */

import type { Movement } from "../../movement";
import { isField } from "./drawing";
import type { Frame } from "./frame";
import type { Page } from "./layout";
import { placed, splined } from "./paths";
import { type Written, timed } from "./timing";
import { welded } from "./weld";

/** Points of a pen's spline to one of a stroke. */
const UP = 3;
/** Small letters whose bar is written when the word is done, as dots are. */
const BARRED = "tfđħŧ";
/** A mark begins so high above the baseline, in x-heights; a bar is so many times as wide as high, and no higher. */
const [ABOVE, FLAT, LOW] = [0.75, 2, 0.6];

/** How a page is written, in x-heights; null where its model draws no strokes. */
export function movement(page: Page): Movement | null {
  const { frame } = page;
  const order: (Written & { width: number; late: boolean })[] = [];
  for (const { glyph, first } of welded(page.glyphs, page.ties, frame)) {
    const { drawing } = glyph;
    if (isField(drawing)) return null;
    const [line, word, text] = [page.line[first], page.word[first], page.text[first]];
    const late = drawing.strokes.map((points) => waits(points, text, frame));
    const { strokes, width } = placed(splined(drawing, UP), glyph, frame, 1);
    strokes.forEach((points, i) => order.push({ points, width, line, word, late: late[i] }));
  }
  const words = new Map<string, typeof order>();
  for (const stroke of order) {
    const key = `${stroke.line} ${stroke.word}`;
    words.set(key, [...(words.get(key) ?? []), stroke]);
  }
  const written = [...words.values()].flatMap((some) => [
    ...some.filter(({ late }) => !late),
    ...some.filter(({ late }) => late),
  ]);
  const times = timed(written);
  const strokes = written.map(({ points, word, width }, i) => {
    const axis = (from: number) => Array.from({ length: points.length / 2 }, (_, p) => points[2 * p + from]);
    return { word, x: axis(0), y: axis(1), t: times[i], width };
  });
  return { width: page.width, strokes, words: page.words };
}

/** Whether a stroke is a mark or bar of a small letter, which waits for the end of its word. */
function waits(points: Float32Array, text: string, { baseline, xheight: k }: Frame): boolean {
  const base = [...text.normalize("NFD")][0] ?? "";
  if (base === base.toUpperCase()) return false;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    [left, right] = [Math.min(left, points[i]), Math.max(right, points[i])];
    [top, bottom] = [Math.min(top, points[i + 1]), Math.max(bottom, points[i + 1])];
  }
  const [wide, tall] = [right - left, bottom - top];
  const bar = wide > FLAT * tall && tall < LOW * k;
  const dot = (baseline - bottom) / k > ABOVE && tall < k;
  return (BARRED.includes(base) ? bar : dot) || (dot && !bar);
}
