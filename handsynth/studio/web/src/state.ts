/** State and the URL's fragment: `#text=Dear%20Ada&hand=Fern`, only what differs from the usual, and nothing wrong. */

import DIALS from "./dials.json";
import type { State } from "./engine";

/** The types of a JSON file know no choices. */
const usual = DIALS.usual as Pick<State, keyof typeof DIALS.usual>;

/** What handsynth/dials says, by way of dials.json, and what is the page's alone. */
export const USUAL: State = {
  view: "line",
  text: "No two letters are alike.",
  hand: "",
  blend: "",
  share: usual.share,
  seed: usual.seed,
  temperature: usual.temperature,
  variation: usual.variation,
  joined: usual.joined,
  legibility: usual.legibility,
  size: usual.size,
  pageSize: 0,
  slant: usual.slant,
  pen: usual.pen,
  ink: usual.ink,
  paperColour: usual.paperColour,
  wrap: usual.wrap,
  letterSpacing: usual.letterSpacing,
  wordSpacing: usual.wordSpacing,
  lineSpacing: usual.lineSpacing,
  wander: usual.wander,
  originals: usual.originals,
  paperName: usual.paperName,
  background: "",
  align: usual.align,
  markdown: false,
  personSize: usual.personSize,
  personSlant: usual.personSlant,
  personMargin: usual.personMargin,
  personTiring: usual.personTiring,
  personPressure: usual.personPressure,
  personInk: usual.personInk,
  personPool: usual.personPool,
  slips: usual.slips,
  look: usual.look,
  grain: usual.grain,
  family: "",
  charset: usual.charset,
  variants: usual.variants,
  sizes: usual.sizes,
};

/** A longer URL is cut off by some programs that pass it on; the text is by far its longest part. */
export const MAX_TEXT = 20_000;

/** Names in earlier addresses. */
const EARLIER: Record<string, string> = {
  lineHeight: "lineSpacing",
  paper: "paperColour",
  sheet: "paperName",
  pixels: "sizes",
  faultSize: "personSize",
  faultSlant: "personSlant",
  faultMargin: "personMargin",
  faultTiring: "personTiring",
  faultPressure: "personPressure",
  faultInk: "personInk",
  faultPool: "personPool",
  faultSlips: "slips",
};

type Check = (value: string) => State[keyof State] | undefined;

export interface Range {
  least: number;
  most: number;
  step: number;
}

/** What each number may be; a step of 1 means whole numbers. */
export const RANGES = {
  ...DIALS.sliders,
  pageSize: { least: 0, most: 8, step: 0.1 },
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
  (choices: object): Check =>
  (value) =>
    Object.hasOwn(choices, value) ? value : undefined;

const CHECKS: Record<Exclude<keyof State, Dial>, Check> = {
  view: oneOf({ line: "line", page: "page" }),
  text: (value) => clean(value),
  hand: matching(HAND, [""]),
  blend: matching(HAND, [""]),
  pen: oneOf(DIALS.choices.pen),
  ink: (value) => matching(COLOUR)(value.toLowerCase()),
  paperColour: (value) => matching(COLOUR, ["transparent"])(value.toLowerCase()),
  // earlier addresses say mix for what is usual
  originals: (value) => oneOf(DIALS.choices.originals)(value === "mix" ? "vary" : value),
  paperName: matching(SHEET),
  background: matching(/^paper:\d{1,6}$/, [""]),
  align: oneOf(DIALS.choices.align),
  markdown: (value) => ({ true: true, false: false })[value],
  look: oneOf(DIALS.choices.look),
  family: (value) => clean(value).replace(/\n/g, " ").slice(0, 60),
  charset: oneOf(DIALS.choices.charset),
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

function shown(value: string): string {
  return value === "" ? "empty" : value.length > 30 ? `${value.slice(0, 29)}…` : value;
}

function bounds(key: keyof State): string {
  if (!(key in RANGES)) return "";
  const { least, most, step }: Range = RANGES[key as Dial];
  return ` (${step === 1 ? "whole, " : ""}${least} to ${most})`;
}

/** What is said of an address that asks for what cannot be; "" of one that does not. */
export function wrongly(wrong: string[]): string {
  return wrong.length ? `In this address ${wrong.join("; ")}. What is usual stands in its place.` : "";
}

/** The state that a fragment (with or without its #) says; what is unknown or out of bounds is as usual, and said in `wrong`. */
export function parse(fragment: string, wrong: string[] = []): State {
  const state: State = { ...USUAL };
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  for (const [said, value] of given) {
    const name = EARLIER[said] ?? said;
    if (!Object.hasOwn(USUAL, name)) {
      // what is escaped wrongly has no name either
      if (/^[A-Za-z]+$/.test(name)) wrong.push(`nothing is called ${name}`);
      continue;
    }
    const key = name as keyof State;
    const found = key in RANGES ? number(key as Dial, value) : CHECKS[key as Exclude<keyof State, Dial>](value);
    if (found !== undefined) (state as unknown as Record<string, unknown>)[key] = found;
    else wrong.push(`${name} cannot be ${shown(value)}${bounds(key)}`);
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
