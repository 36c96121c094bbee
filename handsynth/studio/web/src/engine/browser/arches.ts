/** Arches: from the arm of an r down into the next letter the pen would draw an n. handsynth/layout/arches.py. */

import { base } from "./bases";
import { ROUND } from "./ends";
import type { Frame } from "./frame";
import type { Meeting } from "./meeting";
import { type Profile, touching } from "./spacing";

/** Letters whose arm may be left high, and those whose dot tells an r before them from an n. */
export const [ARMED, DOTTED] = ["r", "ij"];
/** A join comes no further down from the arm, in x-heights. */
const FALL = 0.38;
/** Where the pen is lifted, the next letter comes as near as that, but by no more than so much. */
const [BESIDE, NEARER] = [0.12, 0.35];

/** Whether a join between two letters would be an arch. */
export function falls({ exit, entry }: Meeting, [first, second]: string[], { baseline, xheight: k }: Frame): boolean {
  const far = baseline - exit[1] > ROUND * k && entry[1] - exit[1] > FALL * k;
  return far && ARMED.includes(base(first)) && !DOTTED.includes(base(second));
}

/** By how much a letter is nearer than `step` to the one before it that lifts the pen; not above 0. */
export function nearer(step: number, [first, second]: Profile[], frame: Frame): number {
  return Math.min(Math.max(touching(first, second, frame, BESIDE, 0) - step, -NEARER), 0);
}
