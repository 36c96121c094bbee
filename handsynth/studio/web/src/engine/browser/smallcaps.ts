/** Hands whose small letters have the forms of capitals, somewhat lower: handsynth/drawing/smallcaps.py. */

import { transformed } from "./compose";
import { type Drawing, isField } from "./drawing";
import type { Frame } from "./frame";
import { half } from "./half";
import type { Hand } from "./hand";
import type { Model } from "./model";
import { moved } from "./paths";

/** Which character is drawn for a small letter, and how large, for each that has a capital. */
export function capitalsOf(model: Model, { smallCapitals }: Hand): (char: number) => { char: number; size: number } {
  const { charset, foreign } = model.tables;
  const all = [...charset, ...foreign];
  return (char) => {
    // signs like µ are no letters here
    const capital = all[char].normalize("NFKC") === all[char] ? all.indexOf(all[char].toUpperCase()) : -1;
    const small = smallCapitals !== null && capital >= 0 && capital !== char;
    return small ? { char: capital, size: Math.fround(smallCapitals) } : { char, size: 1 };
  };
}

const plains = new WeakMap<Hand, Hand>();

/** The same hand with small letters; always the same object, by which its alphabets are found again. */
export function plainly(hand: Hand): Hand {
  const found = plains.get(hand) ?? { ...hand, smallCapitals: null };
  plains.set(hand, found);
  return found;
}

/** So many times as large about the middle of the baseline, with the same pen. */
export function scaled(drawing: Drawing, size: number, frame: Frame): Drawing {
  if (size === 1) return drawing;
  if (isField(drawing)) {
    // fields are kept in half precision
    const kept = Float32Array.from(drawing, half);
    return Float32Array.from(transformed(kept, frame, { scale: size, wide: 1, angle: 0, dx: 0, dy: 0 }));
  }
  const rest = 1 - size;
  return moved(drawing, [size, 0, (frame.size / 2) * rest, 0, size, frame.baseline * rest]);
}
