/** Room beside straight stems that are joined: handsynth/layout/stems.py. */

import { base } from "./bases";
import type { Frame } from "./frame";
import type { Meeting } from "./meeting";
import type { Profile } from "./spacing";

/** A stem that is entered above so many x-heights has no upstroke; and letters that are stems and nothing else. */
const [HIGH, FEET] = [1.25, "l"];
/** They stand so far from the ink of the letters beside them between these heights, in x-heights. */
const [BAND, ROOM] = [[0.3, 0.85], 0.4];

/** What is open to its right closes on a stem: that stands so far from the tips, too. */
const [OPEN, TIPS] = ["c", 0.5];

/** With a low stem that is entered above so many x-heights it would be an a: so far from its tips such a one stands. */
const [LOW, TOP, BESIDE] = ["iuy", 0.6, 0.4];

/** The least distance of a letter from the `next` one, whose edges are `[before, after]`; -Infinity: no stem. */
export function besideStems(
  meeting: Meeting,
  [text, next]: string[],
  [before, after]: Profile[],
  frame: Frame,
): number {
  const { baseline, xheight: k, size } = frame;
  const atFoot = FEET.includes(base(text)) && (baseline - meeting.exit[1]) / k < BAND[0];
  const [entered, opens] = [(baseline - meeting.entry[1]) / k, OPEN.includes(base(text))];
  const tall = atFoot || entered > HIGH;
  if (!tall && !(opens && entered > TOP && LOW.includes(base(next)))) return -Infinity;
  let [facing, tips, stem] = [-Infinity, -Infinity, Infinity];
  for (let row = 0; row < size; row++) {
    const height = (baseline - 0.5 - row) / k;
    if (height > 0 && height < 1) tips = Math.max(tips, before.right[row]);
    if (!(height > BAND[0] && height < BAND[1])) continue;
    facing = Math.max(facing, before.right[row] - after.left[row]);
    stem = Math.min(stem, after.left[row]);
  }
  if (!tall) return tips - stem + BESIDE;
  return opens ? Math.max(facing + ROOM, tips - stem + TIPS) : facing + ROOM;
}
