/** Which writers of the bank write Latin letters like a hand, and how theirs are fitted: handsynth/alphabets/likeness.py. */

/** Points at equal distances along the lines of a letter, x and y in turn; x-heights, y up. */
type Points = Float64Array;

/** How somebody writes: the slant as x per height, heights and spreads in x-heights. */
export interface Build {
  slant: number;
  small: number;
  tall: number;
  low: number;
  capital: number;
  width: number;
  broad: number;
}

export interface Likeness {
  /** Of each probe. */
  points: Points[];
  build: Build;
}

const POINTS = 32;
const STEEP = 1.5;
const STEMS = "bdhklmnrutBDEHKLMNPRT";
const [CAPITALS, TALL, LOW, SMALL] = ["BDEHKLMNPRTX", "bdhkl", "gpqy", "acemnorsuvwx"];
const RATIOS = [0.6, 1.6];

/** What is compared of drawings of the probes: of each its strokes, x and y in turn. */
export function likeness(probes: string, drawn: ArrayLike<number>[][]): Likeness {
  const rows = (chars: string) => Array.from(chars, (char) => probes.indexOf(char));
  const points = drawn.map(even);
  const slant = leaning(rows(STEMS).map((row) => drawn[row]));
  const tops = points.map((one) => Math.max(...along(one, 1)));
  const feet = points.map((one) => Math.min(...along(one, 1)));
  const spreads = points.map((one) => deviation(along(one, 0).map((x, i) => x - slant * one[2 * i + 1])));
  const usual = (of: number[], chars: string) => median(rows(chars).map((row) => of[row]));
  return {
    points,
    build: {
      slant,
      small: usual(tops, SMALL),
      tall: usual(tops, TALL),
      low: -usual(feet, LOW),
      capital: usual(tops, CAPITALS),
      width: usual(spreads, SMALL),
      broad: usual(spreads, CAPITALS),
    },
  };
}

/** The numbers of all writers, the likest first. */
export function nearest(probes: string, own: Likeness, writers: Likeness[]): number[] {
  const far = writers.map((other) => {
    let [from, to] = [0, 0];
    own.points.forEach((points, row) => {
      const fit = fitted(other.points[row], isCapital(probes[row]), own.build, other.build);
      const [one, two] = [centred(points), centred(fit)];
      from += reach(one, two);
      to += reach(two, one);
    });
    return (from + to) / (2 * probes.length);
  });
  return [...far.keys()].sort((a, b) => far[a] - far[b] || a - b);
}

/** Points of a letter by `other` with the slant, heights and widths of `own`. */
export function fitted(points: ArrayLike<number>, capital: boolean, own: Build, other: Build): Float64Array {
  const [small, low] = [ratio(own.small, other.small), ratio(own.low, other.low)];
  const over = ratio(own.tall - own.small, other.tall - other.small);
  const high = ratio(own.capital, other.capital);
  const wide = capital ? ratio(own.broad, other.broad) : ratio(own.width, other.width);
  const result = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    let y = points[i + 1];
    const x = (points[i] - other.slant * y) * wide;
    if (y < 0) y *= low;
    else if (capital) y *= high;
    else y = y > other.small ? other.small * small + (y - other.small) * over : y * small;
    [result[i], result[i + 1]] = [x + own.slant * y, y];
  }
  return result;
}

export function isCapital(char: string): boolean {
  return char !== char.toLowerCase();
}

function ratio(own: number, other: number): number {
  return Math.min(RATIOS[1], Math.max(RATIOS[0], other > 0 ? own / other : 1));
}

function even(strokes: ArrayLike<number>[]): Points {
  const [x, y, lengths]: number[][] = [[], [], []];
  for (const stroke of strokes) {
    for (let i = 0; i < stroke.length; i += 2) {
      // from stroke to stroke there is no line
      const step = i ? Math.hypot(stroke[i] - stroke[i - 2], stroke[i + 1] - stroke[i - 1]) : 0;
      lengths.push((lengths.at(-1) ?? 0) + step);
      x.push(stroke[i]);
      y.push(stroke[i + 1]);
    }
  }
  const whole = lengths.at(-1) ?? 0;
  const result = new Float64Array(2 * POINTS);
  let after = 0;
  for (let i = 0; i < POINTS; i++) {
    const at = (whole * i) / (POINTS - 1);
    while (after < lengths.length - 1 && lengths[after] <= at) after++;
    const before = Math.max(after - 1, 0);
    const step = lengths[after] - lengths[before];
    const part = step > 0 ? Math.min(1, (at - lengths[before]) / step) : 1;
    result[2 * i] = x[before] + part * (x[after] - x[before]);
    result[2 * i + 1] = y[before] + part * (y[after] - y[before]);
  }
  return result;
}

/** Mean x per height of what is steep, weighted by its height. */
function leaning(letters: ArrayLike<number>[][]): number {
  let [aside, rise] = [0, 0];
  for (const stroke of letters.flat()) {
    for (let i = 2; i < stroke.length; i += 2) {
      const [x, y] = [stroke[i] - stroke[i - 2], stroke[i + 1] - stroke[i - 1]];
      if (Math.abs(y) <= STEEP * Math.abs(x)) continue;
      aside += x * Math.sign(y);
      rise += Math.abs(y);
    }
  }
  return aside / Math.max(rise, 1e-9);
}

function centred(points: Points): Points {
  const x = along(points, 0);
  const middle = x.reduce((sum, value) => sum + value, 0) / x.length;
  return points.map((value, i) => (i % 2 ? value : value - middle));
}

/** Mean distance from each point of `one` to the nearest of `other`. */
function reach(one: Points, other: Points): number {
  let sum = 0;
  for (let i = 0; i < one.length; i += 2) {
    let least = Infinity;
    for (let k = 0; k < other.length; k += 2) {
      least = Math.min(least, (one[i] - other[k]) ** 2 + (one[i + 1] - other[k + 1]) ** 2);
    }
    sum += Math.sqrt(least);
  }
  return sum / (one.length / 2);
}

function along(points: Points, axis: number): number[] {
  return Array.from(points).filter((_, i) => i % 2 === axis);
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function deviation(values: number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
