/** State and the URL's fragment: `#text=Dear%20Ada&hand=Fern`, only what differs from the usual, and nothing wrong. */

import { PENS, type State } from "./engine";

export const USUAL: State = {
  view: "line",
  text: "No two letters are alike.",
  hand: "",
  blend: "",
  share: 0.5,
  seed: 0,
  temperature: 0.7,
  variation: 0.25,
  legibility: 1,
  size: 24,
  pageSize: 0,
  slant: 0,
  pen: "",
  ink: "#1b2440",
  paper: "#ffffff",
  wrap: 900,
  letterSpacing: 1,
  wordSpacing: 1,
  lineHeight: 1,
  wander: 1,
  originals: "vary",
  sheet: "a4-ruled",
  align: "left",
  markdown: false,
  faultSize: 0.7,
  faultSlant: 0.7,
  faultMargin: 0.5,
  faultTiring: 0.5,
  faultPressure: 0.4,
  faultInk: 0.5,
  faultPool: 0.5,
  faultSlips: 0,
  look: "",
  grain: 0,
  family: "",
  charset: "latin1",
  variants: 5,
  pixels: 32,
};

/** A longer URL is cut off by some programs that pass it on; the text is by far its longest part. */
export const MAX_TEXT = 20_000;

type Check = (value: string) => State[keyof State] | undefined;

export interface Range {
  least: number;
  most: number;
  step: number;
}

/** What each number may be; a step of 1 means whole numbers. */
export const RANGES = {
  share: { least: 0, most: 1, step: 0.05 },
  seed: { least: 0, most: Number.MAX_SAFE_INTEGER, step: 1 },
  temperature: { least: 0, most: 1.5, step: 0.05 },
  variation: { least: 0, most: 1, step: 0.05 },
  legibility: { least: 1, most: 16, step: 1 },
  size: { least: 8, most: 200, step: 1 },
  pageSize: { least: 0, most: 8, step: 0.1 },
  slant: { least: -0.5, most: 0.5, step: 0.01 },
  wrap: { least: 0, most: 4000, step: 20 },
  letterSpacing: { least: 0, most: 3, step: 0.05 },
  wordSpacing: { least: 0, most: 3, step: 0.05 },
  lineHeight: { least: 0.6, most: 3, step: 0.05 },
  wander: { least: 0, most: 3, step: 0.1 },
  faultSize: { least: 0, most: 3, step: 0.1 },
  faultSlant: { least: 0, most: 3, step: 0.1 },
  faultMargin: { least: 0, most: 3, step: 0.1 },
  faultTiring: { least: 0, most: 3, step: 0.1 },
  faultPressure: { least: 0, most: 3, step: 0.1 },
  faultInk: { least: 0, most: 3, step: 0.1 },
  faultPool: { least: 0, most: 3, step: 0.1 },
  faultSlips: { least: 0, most: 10, step: 0.5 },
  grain: { least: 0, most: 1, step: 0.05 },
  variants: { least: 1, most: 12, step: 1 },
  pixels: { least: 8, most: 128, step: 1 },
} satisfies Partial<Record<keyof State, Range>>;

export type Dial = keyof typeof RANGES;

const HAND = /^(?:[\p{L}][\p{L}\p{N} _.'-]{0,59}|random:\d{1,9}:\d{1,16}|own:[a-z0-9-]{1,40})$/u;
const COLOUR = /^#[0-9a-f]{6}$/;
const SHEET = /^[a-z0-9][a-z0-9.-]{0,39}$/;

/** A name that a hand can have; whether there is one is another question. */
export function isHand(text: string): boolean {
  return HAND.test(text);
}

const matching =
  (pattern: RegExp, others: string[] = []): Check =>
  (value) =>
    pattern.test(value) || others.includes(value) ? value : undefined;

const oneOf =
  (...choices: string[]): Check =>
  (value) =>
    choices.includes(value) ? value : undefined;

const CHECKS: Record<Exclude<keyof State, Dial>, Check> = {
  view: oneOf("line", "page"),
  text: (value) => clean(value),
  hand: matching(HAND, [""]),
  blend: matching(HAND, [""]),
  pen: oneOf("", ...PENS),
  ink: (value) => matching(COLOUR)(value.toLowerCase()),
  paper: (value) => matching(COLOUR, ["transparent"])(value.toLowerCase()),
  // earlier addresses say mix for what is usual
  originals: (value) => oneOf("vary", "always", "never")(value === "mix" ? "vary" : value),
  sheet: matching(SHEET),
  align: oneOf("left", "right", "centre", "justify"),
  markdown: (value) => ({ true: true, false: false })[value],
  look: oneOf("", "scanned", "photographed"),
  family: (value) => clean(value).replace(/\n/g, " ").slice(0, 60),
  charset: oneOf("ascii", "latin1", "latin"),
};

/** Whether `value` of a number is one it may be. */
function number(dial: Dial, value: string): number | undefined {
  const { least, most, step }: Range = RANGES[dial];
  if (!/^-?\d{1,16}(\.\d{1,6})?$/.test(value)) return undefined;
  const found = Number(value);
  return found < least || found > most || (step === 1 && !Number.isInteger(found)) ? undefined : found;
}

/** Text as the engine takes it: no control characters but new lines, no halves of surrogate pairs, not too long. */
export function clean(text: string): string {
  const plain = text
    .replace(/\r\n?/g, "\n")
    .replace(/\t/g, " ")
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, "")
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "");
  return [...plain].slice(0, MAX_TEXT).join("");
}

/** The state that a fragment (with or without its #) says; what is unknown or out of bounds is as usual. */
export function parse(fragment: string): State {
  const state: State = { ...USUAL };
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  for (const [name, value] of given) {
    if (!Object.hasOwn(USUAL, name)) continue;
    const key = name as keyof State;
    const found = key in RANGES ? number(key as Dial, value) : CHECKS[key as Exclude<keyof State, Dial>](value);
    if (found !== undefined) (state as unknown as Record<string, unknown>)[key] = found;
  }
  return state;
}

/** The fragment of a state, without #: "" where all is as usual. `parse` gives the same state again. */
export function format(state: State): string {
  const parts = [];
  for (const key of Object.keys(USUAL) as (keyof State)[]) {
    if (state[key] === USUAL[key]) continue;
    parts.push(`${key}=${encodeURIComponent(String(state[key])).replace(/%20/g, "+").replace(/%3A/g, ":")}`);
  }
  return parts.join("&");
}

/** `value` within the bounds of a dial and free of the noise of binary fractions. */
export function bounded(dial: Dial, value: number): number {
  const { least, most, step }: Range = RANGES[dial];
  const within = Math.min(most, Math.max(least, Number.isFinite(value) ? value : least));
  return step === 1 ? Math.round(within) : Number(within.toFixed(4));
}
