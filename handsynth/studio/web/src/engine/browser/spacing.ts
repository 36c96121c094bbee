/** How far apart two neighbouring glyphs stand, from the ink that faces each other: handsynth/layout/spacing.py. */

import type { Field, Frame } from "./frame";

export const DEFAULT_GAP = 0.24;
export const CLEARANCE = 0.11;
const [ABOVE, BELOW] = [0.57, 0.4];
const [LEAN, REACH] = [0.19, 0.6];
const NEAREST = 0.08;
const FAR_SPACE = 0.75;
const OVERLAP = 0.45;
const ORDER = [0.55, 1.2] as const;
const WORDS = [0.5, 2.0] as const;
const STEPS = 14;
/** A polynomial that is the logarithm (base 2) of 1 to 2, to 1.5e-5. */
const LOG2 = new Float32Array([-2.7941537, 5.0697563, -3.5202188, 1.6101775, -0.40947559, 0.043928628]);
const GRID = 2048;

/** Left and right edges of one glyph's ink, row by row, in x-heights from the frame's centre line. */
export class Profile {
  readonly blank: boolean;
  /** Leftmost and rightmost ink; 0 without ink. */
  readonly box: [number, number];
  private readonly known = new Map<number, [Float64Array, Float64Array]>();

  constructor(
    /** ∞ in rows without ink; on the right -∞. */
    readonly left: Float64Array,
    readonly right: Float64Array,
    private readonly frame: Frame,
  ) {
    this.blank = left.every((value) => value === Infinity);
    this.box = this.blank ? [0, 0] : [lowest(left), highest(right)];
  }

  static of(field: Field, frame: Frame): Profile {
    const { size, xheight } = frame;
    const left = new Float64Array(size).fill(Infinity);
    const right = new Float64Array(size).fill(-Infinity);
    for (let row = 0; row < size; row++) {
      const line = field.subarray(row * size, (row + 1) * size);
      let [first, last] = [0, size - 1];
      while (first < size && !(line[first] > 0)) first++;
      if (first === size) continue;
      while (!(line[last] > 0)) last--;
      // where level zero is crossed, between pixels
      const edge = (column: number, outward: number) => {
        const [ink, paper] = [line[column], line[Math.min(size - 1, Math.max(0, column + outward))]];
        const step = paper < ink ? ink / (ink - paper) : 0.5;
        return (column + 0.5 + outward * Math.min(step, 1) - size / 2) / xheight;
      };
      left[row] = edge(first, -1);
      right[row] = edge(last, 1);
    }
    return new Profile(left, right, frame);
  }

  /** Edges as they are seen `reach` up and down at a loss of `slope`. */
  leaning(slope: number, reach: number): [Float64Array, Float64Array] {
    let found = this.known.get(slope);
    if (!found) {
      const negative = lean(
        this.left.map((value) => -value),
        this.frame,
        slope,
        reach,
      );
      found = [negative.map((value) => -value), lean(this.right, this.frame, slope, reach)];
      this.known.set(slope, found);
    }
    return found;
  }
}

/** From the centre line of `first` to that of its right neighbour, `raised` above it, in x-heights. */
export function distance(
  first: Profile,
  second: Profile,
  frame: Frame,
  gap: number,
  clearance: number,
  raised = 0,
): number {
  if (first.blank || second.blank) return bare(first, second) + gap;
  const near = Math.max(touching(first, second, frame, clearance, nearest(raised * frame.xheight)), ordered(first, second));
  return Math.max(near, even(first, second, frame, gap));
}

/** The distance at which the facing inks of two words leave `space` clear. */
export function apart(first: Profile, second: Profile, space: number): number {
  const boxes = bare(first, second);
  const eye = first.blank || second.blank ? boxes : seen(first, second, WORDS);
  return 0.5 * (eye + boxes) + space;
}

function bare(first: Profile, second: Profile): number {
  return first.box[1] - second.box[0];
}

function seen(first: Profile, second: Profile, [slope, reach]: readonly [number, number]): number {
  if (first.blank || second.blank) return 0;
  const [right, left] = [first.leaning(slope, reach)[1], second.leaning(slope, reach)[0]];
  let most = -Infinity;
  for (let row = 0; row < right.length; row++) most = Math.max(most, right[row] - left[row]);
  return most;
}

function ordered(first: Profile, second: Profile): number {
  const [[left0, right0], [left1, right1]] = [first.box, second.box];
  const narrow = Math.min(right0 - left0, right1 - left1);
  return Math.max(right0 - left1 - Math.min(OVERLAP, 0.75 * narrow), seen(first, second, ORDER));
}

/** The distance at which the nearest two points of ink are `bound` apart; -∞ where nothing faces. The second stands
 * higher by `raised` rows. */
export function touching(first: Profile, second: Profile, frame: Frame, bound: number, raised: number): number {
  const rows = frame.size;
  const reach = Math.ceil(bound * frame.xheight + 0.5);
  let needed = -Infinity;
  for (let offset = -reach; offset <= reach; offset++) {
    // rows are bands: their inks are nearer to each other by up to half a row than their middles
    const vertical = Math.max(0, Math.abs(offset) - 0.5) / frame.xheight;
    if (vertical >= bound) continue;
    const beside = Math.sqrt(Math.max(bound ** 2 - vertical ** 2, 0));
    for (let row = Math.max(0, -offset); row < rows - Math.max(0, offset); row++) {
      const facing = second.left[row + offset + raised] ?? Infinity;
      needed = Math.max(needed, first.right[row] - facing + beside);
    }
  }
  return needed;
}

function even(first: Profile, second: Profile, frame: Frame, gap: number): number {
  const { size, baseline, xheight } = frame;
  const limit = Math.max(FAR_SPACE, gap + 0.1);
  const least = Math.min(NEAREST, Math.max(0.01, 0.5 * gap));
  // in float32, as numpy does it
  const [floor, cap] = [least, limit].map(Math.fround);
  const weight = new Float32Array(size);
  const stems = new Float32Array(size);
  for (let row = 0; row < size; row++) {
    const height = (baseline - 0.5 - row) / xheight;
    weight[row] = Math.fround(height > 1 ? ABOVE : height < 0 ? BELOW : 1) * GRID;
    // the mean is to be what it would be between two stems of x-height
    const beyond = Math.max(Math.max(height - 1, -height), 0);
    stems[row] = Math.min(cap, Math.max(floor, beyond <= REACH ? gap + 2 * LEAN * beyond : Infinity));
  }
  const wanted = evenness(stems, weight);
  const [right, left] = [first.leaning(LEAN, REACH)[1], second.leaning(LEAN, REACH)[0]];
  const facing = Float32Array.from(right, (value, row) => {
    const space = value - left[row];
    return Number.isFinite(space) ? space : -1e3;
  });
  const space = new Float32Array(size);
  let [low, high] = [bare(first, second) - 3, bare(first, second) + limit];
  for (let step = 0; step < STEPS; step++) {
    const middle = 0.5 * (low + high);
    const narrow = Math.fround(middle);
    for (let row = 0; row < size; row++) space[row] = Math.min(cap, Math.max(floor, Math.fround(narrow - facing[row])));
    if (evenness(space, weight) > wanted) high = middle;
    else low = middle;
  }
  return 0.5 * (low + high);
}

/** Weighted sum of the logarithms (base 2) of clear spaces, in steps of 1 / GRID: the same to the bit as in Python. */
function evenness(space: Float32Array, weight: Float32Array): number {
  const bits = new Int32Array(space.buffer);
  const whole = new Int32Array(1);
  const mantissa = new Float32Array(whole.buffer);
  let total = 0;
  for (let row = 0; row < space.length; row++) {
    whole[0] = (bits[row] & 0x7fffff) | 0x3f800000;
    const part = mantissa[0];
    let value = Math.fround(part * LOG2[5]);
    for (let power = 4; power > 0; power--) value = Math.fround(Math.fround(value + LOG2[power]) * part);
    value = Math.fround(Math.fround(value + LOG2[0]) + ((bits[row] >> 23) - 127));
    total += nearest(Math.fround(value * weight[row]));
  }
  return total;
}

/** The nearest whole number, of two the even one. */
function nearest(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}

/** The rightmost edge that each row sees when looking `reach` up and down too, at a loss of `slope`. */
function lean(edge: Float64Array, frame: Frame, slope: number, reach: number): Float64Array {
  const seen = edge.slice();
  const furthest = Math.round(reach * frame.xheight);
  for (let row = 0; row < edge.length; row++) {
    for (let offset = 1; offset <= furthest; offset++) {
      const loss = (slope * offset) / frame.xheight;
      if (row >= offset) seen[row] = Math.max(seen[row], edge[row - offset] - loss);
      if (row + offset < edge.length) seen[row] = Math.max(seen[row], edge[row + offset] - loss);
    }
  }
  return seen;
}

function lowest(values: Float64Array): number {
  return values.reduce((a, b) => Math.min(a, b));
}

function highest(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b));
}
