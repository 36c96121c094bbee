/** The model's data, which `handsynth studio --static` writes from Python beside the graphs (model/model.json). */

import type { Frame } from "./frame";

/** One drawing of a character as part of a larger sign; lengths in x-heights, y up. See handsynth/text/signs.py. */
export interface Piece {
  char: string;
  scale: number;
  dx: number;
  dy: number;
  angle: number;
  wide: number;
  anchor: "frame" | "above" | "below" | "foot" | "beside" | "at" | "after" | "against" | "through" | "across";
  cut: number | null;
  joined: boolean;
  width: number | null;
  height: number | null;
  side: number;
  path: [number, number][];
  corners: boolean;
  fill: boolean;
}

export interface GalleryHand {
  name: string;
  style: number[];
  description: string;
  tags: string[];
  gap: number | null;
  /** Width of its pen in x-heights, and which form of a character it keeps, where a model draws strokes. */
  pen: number | null;
  forms: Record<string, number>;
  /** Characters that it writes as in joined writing. */
  cursive: string;
  /** Shear beside the style's own, x per height. */
  slant: number;
  /** How long extenders are beside the style's own. */
  ascenders: number;
  descenders: number;
  /** Small letters are written as capitals, so many times as high as those; null: as small letters. */
  smallCapitals: number | null;
}

export interface Tables {
  version: string;
  name: string;
  /** Of the whole model, so that the hands of another one are known. */
  hash: string;
  /** Of the hands that fit: see Model.latent_hash. */
  latentHash: string;
  charset: string[];
  /** Letters that its hands draw beside it, from the bank (see alphabets.ts). */
  foreign: string[];
  frame: Frame;
  draws: "field" | "strokes";
  /** Points of each stroke of a glyph, where it draws strokes. */
  slots: number[];
  /** How high the ink of each character usually reaches, in x-heights, in the order of the charset. */
  tops: number[];
  /** Standard deviations of one writer's copies of a letter in the variation, where it draws strokes. */
  spread: number[];
  styleSize: number;
  variationSize: number;
  /** Files of the graphs beside this one, and their sizes in bytes. */
  graphs: Record<string, number>;
  gallery: GalleryHand[];
  /** Styles whose form of a character is that of joined writing. */
  cursive: Record<string, number[][]>;
  /** Space left and right of signs whose ink misleads, in x-heights. */
  bearings: Record<string, [number, number]>;
  quantiles: number[];
  signs: {
    marks: Record<string, Piece[]>;
    spacingMarks: Record<string, string>;
    tallCaron: string[];
    commaBelow: string[];
    /** Letters that have recipes as signs, but that a model which has them draws as what they are. */
    learnt: string[];
    signs: Record<string, Piece[]>;
    twins: Record<string, string[]>;
    spaces: Record<string, number>;
    holding: string[];
    newlines: string[];
    invisible: string[];
    softHyphen: string;
    zeroSpace: string;
    breakAfter: string[];
    /** Superscripts, fractions and circled signs: what kind, and of what. */
    scripts: Record<string, ["super" | "sub" | "fraction" | "circle", string]>;
  };
}
