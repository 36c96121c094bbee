/** What the page asks of whatever draws for it: the server's API, or the model in the browser itself. */

import type DIALS from "./dials.json";
import type { Movement } from "./movement";

/** What a dial with choices may be. */
export type Choice<K extends keyof typeof DIALS.choices> = keyof (typeof DIALS.choices)[K];

/** How a line or a page is written; everything that is in the URL. Ranges, choices and defaults: dials.json. */
export interface State {
  view: "line" | "page";
  text: string;
  /** A gallery name, "random:7:0" (hand number 7 of seed 0), or "own:ID" (learnt, kept in this browser). */
  hand: string;
  /** A second hand, or "". */
  blend: string;
  /** Of the second hand. */
  share: number;
  seed: number;
  /** How far letters are from the usual. */
  temperature: number;
  /** How copies of a letter differ. */
  variation: number;
  /** How much is written without lifting the pen. */
  joined: number;
  /** Draw so many of each letter and keep one that reads well. */
  legibility: number;
  /** Line view: x-height in px. */
  size: number;
  /** Page view: x-height in mm, 0 = as it suits the rules. */
  pageSize: number;
  /** Beside the hand's own, x per height. */
  slant: number;
  /** The kind of pen: a name of handsynth's table of pens, "" for the hand's own. */
  pen: Choice<"pen">;
  /** A colour like "#1b2440". */
  ink: string;
  /** A colour, or "transparent" (line view). */
  paperColour: string;
  /** Line view: greatest width in px, 0 = none. */
  wrap: number;
  /** These four: 1 as usual. */
  letterSpacing: number;
  wordSpacing: number;
  lineSpacing: number;
  wander: number;
  /** How letters of a learnt hand are drawn: anew each time, as their ink, or not. */
  originals: Choice<"originals">;
  /** Page view: paper and ruling, like "a4-ruled". */
  paperName: string;
  /** Page view: "paper:NUMBER", a picture of paper that this tab holds, or "". */
  background: string;
  align: Choice<"align">;
  markdown: boolean;
  /** What tells a person's page from a machine's: 0 none. */
  personSize: number;
  personSlant: number;
  personMargin: number;
  personTiring: number;
  personPressure: number;
  personInk: number;
  personPool: number;
  slips: number;
  look: Choice<"look">;
  /** Fibres of the paper that show. */
  grain: number;
  /** Fonts: what it is called ("" = as the hand), its characters, drawings of each, px per em of bitmaps. */
  family: string;
  charset: Choice<"charset">;
  variants: number;
  sizes: number;
}

export interface Hand {
  name: string;
  tags: string[];
  description: string;
}

export interface About {
  version: string;
  model: string;
  charset: string[];
  hands: Hand[];
}

export interface Drawn {
  image: Blob;
  width: number;
  height: number;
  /** What is not drawn as it was written, one line each. */
  notes: string[];
  /** Page view: whether no page follows. */
  lastPage?: boolean;
}

/** A hand as a .hand file holds it. */
export type HandFile = Record<string, unknown>;

export interface Learnt {
  hand: HandFile;
  notes: string[];
}

/** A letter that a learnt hand holds; pictures are addresses of PNGs, black ink on nothing. */
export interface HeldLetter {
  char: string;
  /** As it was read, where the hand still holds the ink. */
  read: string | null;
  drawn: string;
  /** Whether it was not understood: what is drawn follows another copy or the style. */
  doubtful: boolean;
}

/** Of a file that is seen being written. */
export interface Moving {
  /** In the page view, which page. */
  page: number;
  /** How long it takes; 0: as long as a person takes. */
  seconds: number;
}

export interface Format {
  id: string;
  label: string;
  kind: "picture" | "movement" | "font";
}

export interface Engine {
  readonly kind: "server" | "browser";
  about(): Promise<About>;
  /** A PNG of the line, or of one page (from 1). Rejects with an EngineError, or as `signal` says. */
  draw(state: State, page: number, signal: AbortSignal): Promise<Drawn>;
  /** How the same picture is written, or these words of it at least; none of them may stand on the page. */
  movement?(state: State, page: number, signal: AbortSignal, words?: string[]): Promise<Movement>;
  /** What lies below the writing of the same picture: a PNG as large, a colour, or nothing. */
  below?(state: State, page: number, signal: AbortSignal): Promise<Blob | string | null>;
  /** A small PNG for the gallery, black ink on transparent. */
  sample(hand: string, text: string, signal: AbortSignal): Promise<Blob>;
  readonly formats: Format[];
  file(state: State, format: string, signal: AbortSignal, moving?: Moving): Promise<{ name: string; blob: Blob }>;
  /** The hand in photos: fields `photo` (files), or `line` (a file) and `text`; `name`. */
  learn?(form: FormData, signal: AbortSignal): Promise<Learnt>;
  /** The letters that a hand holds. */
  letters?(hand: HandFile, signal: AbortSignal): Promise<HeldLetter[]>;
  /** The hand without some of its letters. */
  forget?(hand: HandFile, chars: string, signal: AbortSignal): Promise<HandFile>;
  /** The form to fill in, a PDF. */
  template?(signal: AbortSignal): Promise<Blob>;
}

/** `message` is one line for a person. `status` is HTTP's, or 0 where nothing answered. */
export class EngineError extends Error {
  readonly status: number;

  constructor(message: string, status = 0) {
    super(message);
    this.name = "EngineError";
    this.status = status;
  }
}
