/** What the worker does: open a model once, draw what is asked. */

import DIALS from "../../dials.json";
import type { Movement } from "../../movement";
import { Charset } from "./charset";
import { drawn } from "./draw";
import type { Drawing } from "./drawing";
import { Glyphs } from "./glyphs";
import { type Hand, type HandWord, resolve } from "./hand";
import { type Joining, joining } from "./joining";
import { type Page, Typesetter } from "./layout";
import { Model } from "./model";
import { Normals } from "./noise";
import type { Use } from "./originals";
import { noiseKey } from "./noisekey";
import { png } from "./png";
import { colours, painted, palette } from "./raster";
import type { Missing } from "./reading";
import { Refusal } from "./refusal";
import { WRAP } from "./setting";
import { DEFAULT_GAP } from "./spacing";
import { svg } from "./svg";
import type { Tables } from "./tables";
import { movement } from "./writing";

/** Longer texts are for the installed handsynth. */
const MAX_TEXT = 10_000;
const { least: MIN_PEN, most: MAX_PEN } = DIALS.ranges.penWidth;
const { dpi: DPI, joined: JOINED } = DIALS.defaults.line;
const HANDS = 100;

/** One picture: the options of handsynth.render, lengths in px, margin in x-heights. */
export interface Job {
  text: string;
  hand: HandWord;
  seed: number;
  temperature: number;
  variation: number;
  legibility: number;
  size: number;
  /** Of the pen of a model that draws strokes, in x-heights; null: the hand's own. */
  penWidth: number | null;
  slant: number;
  joined: number;
  ink: string;
  paperColour: string;
  /** 0: lines end only where the text says so. */
  wrap: number;
  letterSpacing: number;
  wordSpacing: number;
  lineSpacing: number;
  wander: number;
  margin: number;
  missing: Missing;
  originals: Use;
}

/** Single characters, as `handsynth sample` draws them. */
export interface Sampled {
  chars: string[];
  hand: HandWord;
  seed: number;
  temperature: number;
  variation: number;
  legibility: number;
}

export interface Pictured {
  image: Blob;
  width: number;
  height: number;
  notes: string[];
}

export class Renderer {
  private readonly hands = new Map<string, Hand>();
  private readonly typesetter: Typesetter;

  private constructor(
    readonly model: Model,
    readonly normals: Normals,
  ) {
    const { tables } = model;
    const charset = new Charset([...tables.charset, ...tables.foreign], tables.signs);
    this.typesetter = new Typesetter(tables, charset, new Glyphs(model, normals), normals);
  }

  static async open(base: string): Promise<Renderer> {
    const model = await Model.open(base);
    return new Renderer(model, new Normals(Float64Array.from(model.tables.quantiles)));
  }

  get tables(): Tables {
    return this.model.tables;
  }

  async png(job: Job, signal?: AbortSignal): Promise<Pictured> {
    const [ink, paper] = colours(job.ink, job.paperColour);
    const { page, facts } = await this.page(job, signal);
    const { width, height, coverage } = painted(page, job.size);
    return {
      image: await png(coverage, width, height, palette(ink, paper), facts, DPI),
      width,
      height,
      notes: page.notes,
    };
  }

  async svg(job: Job, signal?: AbortSignal): Promise<Blob> {
    const [ink, paper] = colours(job.ink, job.paperColour);
    const { page, facts } = await this.page(job, signal);
    return svg(page, job.size, DPI, ink, paper, facts);
  }

  async movement(job: Job, signal?: AbortSignal): Promise<Movement | null> {
    return movement((await this.page(job, signal)).page);
  }

  /** Single characters of the charset, each at the place ("sample", character, number). */
  async drawings({ chars, hand, seed, temperature, variation, legibility }: Sampled): Promise<Drawing[]> {
    const { charset } = this.tables;
    const met = new Map<string, number>();
    const wanted = chars.map((text) => {
      const char = charset.indexOf(text);
      if (char < 0) throw new Refusal(`the model cannot draw '${text}'`);
      const number = met.get(text) ?? 0;
      met.set(text, number + 1);
      return { char, place: noiseKey("sample", text, number), free: true };
    });
    const common = { seed, temperature, variation, legibility, width: null, lean: 0, use: "vary" as const };
    return drawn(this.model, this.normals, { hand: await this.hand(hand, seed), ...common }, wanted);
  }

  private async page(job: Job, signal?: AbortSignal): Promise<{ page: Page; facts: Record<string, string> }> {
    checked(job, this.tables);
    const { seed, temperature, variation, legibility, slant, originals, size } = job;
    const hand = await this.hand(job.hand, seed);
    signal?.throwIfAborted();
    const width = job.penWidth;
    const pen = { hand, seed, temperature, variation, legibility, width, lean: slant, use: originals };
    const setting = {
      wrap: job.wrap ? Math.min(WRAP[1], Math.max(WRAP[0], job.wrap / size)) : null,
      gap: hand.gap ?? DEFAULT_GAP,
      letterSpacing: job.letterSpacing,
      wordSpacing: job.wordSpacing,
      lineSpacing: job.lineSpacing,
      margin: job.margin,
      wander: job.wander,
      joins: joins(job, hand, this.tables),
      unevenness: { amount: hand.unevenness, key: hand.key },
    };
    const page = await this.typesetter.page(job.text, pen, setting, job.missing, signal);
    const facts = {
      Title: "Handwriting",
      Software: `handsynth ${this.tables.version}`,
      Hand: hand.name,
      Seed: String(seed),
      Model: this.tables.hash,
      Temperature: String(temperature),
      Legibility: String(legibility),
      Variation: String(variation),
      Joined: String(job.joined ?? JOINED),
    };
    return { page, facts };
  }

  private async hand(word: HandWord, seed: number): Promise<Hand> {
    const key = JSON.stringify([word, seed]);
    const found = this.hands.get(key) ?? (await resolve(this.model, this.normals, word, seed));
    this.hands.delete(key);
    this.hands.set(key, found);
    if (this.hands.size > HANDS) this.hands.delete(this.hands.keys().next().value!);
    return found;
  }
}

/** Which letters are joined, of a model that draws strokes; capitals for small letters never are. Throws a Refusal. */
function joins({ joined = JOINED }: Job, hand: Hand, { draws, name }: Tables): Joining | null {
  const found = joining(hand.joined, hand.key, joined, hand.joinedAfter, hand.arms);
  if (draws === "strokes") return hand.smallCapitals === null ? found : null;
  if (joined > 1) throw new Refusal(`the model '${name}' draws no strokes, which could be joined; leave joined at 1`);
  return null;
}

function checked(job: Job, { name, draws }: Tables): void {
  const { text, seed, temperature, variation, legibility, penWidth, slant } = job;
  if (text.length > MAX_TEXT) {
    throw new Refusal(
      `the text has more than ${MAX_TEXT.toLocaleString("en")} characters; the installed handsynth writes it`,
      413,
    );
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new Refusal(`seed ${seed} is out of range; give a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  for (const [name, value] of Object.entries({ temperature, variation, legibility, slant })) {
    const { least, most } = DIALS.ranges[name as "temperature" | "variation" | "legibility" | "slant"];
    const whole = name === "legibility";
    if (!(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
      throw new Refusal(`${name} is ${value}; give a ${whole ? "whole " : ""}number from ${least} to ${most}`);
    }
  }
  if (penWidth !== null && draws === "field") {
    throw new Refusal(`the pens of '${name}' are part of its hands; leave the pen width out`);
  }
  if (penWidth !== null && !(penWidth >= MIN_PEN && penWidth <= MAX_PEN)) {
    throw new Refusal(`pen width is ${penWidth} x-heights; give ${MIN_PEN} to ${MAX_PEN} of them`);
  }
}
