/** Which letters of a word a hand joins: handsynth/hands/joining.py. */

import { base } from "./bases";
import { type Normals, uniforms } from "./noise";
import { noiseKey } from "./noisekey";
import { Refusal } from "./refusal";

const SMALL = "abcdefghijklmnopqrstuvwxyz";
const LETTERS = SMALL + SMALL.toUpperCase();
/** Range of the dial: 0 print, 1 as the hand, 2 every pair that can be. */
const [LEAST, MOST] = [0, 2];
/** How often the pen is lifted all the same between letters that a hand joins that joins next to none. */
const LIFTS = 0.08;
/** By how much hands differ in what they join a letter to, in what they join to it, and in pairs, log-odds. */
const OWN = [0.8, 0.6, 0.6];
/** Shares of hands, and up to which share of their pairs they join. */
const HANDS = [
  [0, 0.155, 0.3, 0.55, 0.57, 1],
  [0, 0.15, 0.5, 0.75, 1, 1],
];
/** Share of pairs joined after a letter, in words of people who join some; the same before a letter. */
const AFTER: [string, number][] = [
  ["vbw", 0.46],
  ["p", 0.58],
  ["r", 0.62],
  ["i", 0.67],
  ["jqxz", 0.6],
  ["gfsdcyk", 0.73],
  ["olmtn", 0.81],
  ["aueh", 0.86],
];
const CAPITAL = 0.32;
const BEFORE: [string, number][] = [
  ["cfauyrv", 0.68],
  ["thk", 0.86],
];
/** Letters that are joined to the next one, and to the one before. */
const [LEFT, ENTERED] = [`${SMALL}ACEHKLMRU`, SMALL.replace("z", "")];
const BEFORE_OTHERS = 0.77;
/** Of pairs that a hand would join, how many its letters' forms allow: after a letter, times before the next. */
const REACHED_FROM: [string, number][] = [
  ["fjy", 0.85],
  ["go", 0.89],
  ["wxvqs", 0.95],
];
const REACHED: [string, number][] = [
  ["f", 0.39],
  ["d", 0.77],
  ["x", 0.88],
  ["lgphc", 0.94],
];
const REACHED_OTHERS = [0.99, 1];
/** Per cent of the letters of English texts. */
const OFTEN = Object.fromEntries(
  [
    12.7, 9.1, 8.2, 7.5, 7.0, 6.7, 6.3, 6.1, 6.0, 4.3, 4.0, 2.8, 2.8, 2.4, 2.4, 2.2, 2.0, 2.0, 1.9, 1.5, 1.0, 0.8, 0.15,
    0.15, 0.1, 0.07,
  ].map((value, i) => ["etaoinshrdlcumwfgypbvkjxqz"[i], value]),
);

/** How a hand joins letters: a share of the pairs of small letters, and its key. */
export interface Joining {
  share: number;
  key: bigint;
  /** Small letters after which another share of the pairs is joined, and that share. */
  after: Shares;
}

export type Shares = [letters: string, share: number][];

/** One of the letters of a text, in its order. */
export interface Letter {
  text: string;
  place: bigint;
  /** Whether the next one stands in the same word and line. */
  follows: boolean;
}

/** Null: nothing is joined. Throws a Refusal. */
export function joining(share: number, key: bigint, dial: number, after: Shares): Joining | null {
  if (!(dial >= LEAST && dial <= MOST)) {
    throw new Refusal(`joined is ${dial}; give a number from 0 (print) over 1 (as the hand) to 2`);
  }
  const dialled = (own: number) => own * Math.min(dial, 1) + (1 - own) * Math.max(dial - 1, 0);
  const wanted = dialled(share);
  return wanted > 0 ? { share: wanted, key, after: after.map(([letters, own]) => [letters, dialled(own)]) } : null;
}

/** The share of a hand of which only its key is known, and maybe whether its letters are cursive. */
export function defaultShare(key: bigint, cursive: boolean | null): number {
  if (cursive === false) return 0;
  const at = uniforms(key, "hand", noiseKey("joined"), 1)[0];
  if (cursive) return 0.8 + 0.2 * at;
  const [xs, ys] = HANDS;
  const i = xs.slice(0, -1).filter((x) => at >= x).length - 1;
  return ys[i] + ((ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])) * (at - xs[i]);
}

/** Which letters are joined to the next one. */
export function pairs(rule: Joining, normals: Normals, letters: Letter[]): boolean[] {
  const numbers = letters.map(({ text }) => numberOf(text));
  const lift = noiseKey("lift");
  return letters.map(({ follows, place: where }, i) => {
    const [one, other] = [numbers[i], numbers[i + 1] ?? -1];
    if (!follows || one < 0 || other < 0 || other >= SMALL.length) return false;
    if (!table(rule, normals)[one * SMALL.length + other]) return false;
    return rule.share >= 1 || uniforms(rule.key, "hand", where ^ lift, 1)[0] >= Math.fround(LIFTS * (1 - rule.share));
  });
}

/** The number of a letter that can be joined, marks aside; -1 for all else. */
function numberOf(text: string): number {
  return text ? LETTERS.indexOf(base(text)) : -1;
}

const tables = new Map<string, boolean[]>();

/** Which pairs are joined, 52 x 26: those of the best odds, until what of them can be joined is the share. */
function table({ share, key, after }: Joining, normals: Normals): boolean[] {
  const name = `${key}|${share}|${after.join("|")}`;
  const known = tables.get(name);
  if (known) return known;
  const own = (scale: number, ...pair: string[]) =>
    Math.fround(scale * normals.of(key, "hand", noiseKey("join", ...pair), 1)[0]);
  const entered = Array.from(SMALL, (other) => [logit(shareOf(BEFORE, other, BEFORE_OTHERS)), own(OWN[1], "", other)]);
  const odds = Array.from(LETTERS).flatMap((one) => {
    const left = logit(shareOf(AFTER, one, CAPITAL)) + own(OWN[0], one);
    return Array.from(SMALL, (other, i) => left + entered[i][0] + entered[i][1] + own(OWN[2], one, other));
  });
  const size = SMALL.length;
  const weights = Array.from(SMALL).flatMap((one) => Array.from(SMALL, (other) => OFTEN[one] * OFTEN[other]));
  const lifted = 1 - LIFTS * (1 - share);
  const least = Array.from(LETTERS, () => -Infinity);
  if (share < 1 || after.some(([, own]) => own < 1)) {
    const out = Array.from(SMALL, (one) => (LEFT.includes(one) ? shareOf(REACHED_FROM, one, REACHED_OTHERS[0]) : 0));
    const into = Array.from(SMALL, (one) => (ENTERED.includes(one) ? shareOf(REACHED, one, REACHED_OTHERS[1]) : 0));
    const allowed = out.flatMap((one) => into.map((other) => Math.min(one * other, 1)));
    const leastOf = (rows: number[], wanted: number) => {
      if (wanted <= 0) return Infinity;
      const pairs = rows.flatMap((row) => Array.from(SMALL, (_, i) => row * size + i));
      const total = pairs.reduce((sum, i) => sum + weights[i], 0);
      const order = [...pairs].sort((a, b) => odds[b] - odds[a]); // stable
      let reached = 0;
      const last = order.find((i) => (reached += weights[i] * allowed[i]) / total >= wanted);
      return odds[last ?? order[order.length - 1]];
    };
    if (share < 1) least.fill(leastOf([...Array(size).keys()], share / lifted));
    for (const [letters, own] of after) {
      const rows = Array.from(letters, (letter) => SMALL.indexOf(letter));
      const from = leastOf(rows, own / lifted);
      for (const row of rows) least[row] = from;
    }
  }
  const found = odds.map((value, i) => {
    const [one, other] = [LETTERS[Math.floor(i / SMALL.length)], SMALL[i % SMALL.length]];
    return value >= least[Math.floor(i / size)] && LEFT.includes(one) && ENTERED.includes(other);
  });
  tables.set(name, found);
  return found;
}

function shareOf(shares: [string, number][], letter: string, others: number): number {
  return shares.find(([letters]) => letters.includes(letter))?.[1] ?? others;
}

function logit(share: number): number {
  return Math.log(share) - Math.log1p(-share);
}
