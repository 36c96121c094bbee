/** How a picture is written: what the pen does, when, and which word it writes. */

/** One stroke of the pen. */
export interface PenStroke {
  /** Place in the movement's words; -1: no part of a word, such as an underline. */
  word: number;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** ms since the pen first touched the paper, at a person's pace. */
  t: ArrayLike<number>;
  /** Of the ink at its widest. */
  width: number;
}

export interface Movement {
  /** Of the sheet; all lengths are in the same unit. */
  width: number;
  /** In the order in which a person writes them. */
  strokes: PenStroke[];
  /** The words that strokes speak of, where they are known. */
  words: string[] | null;
}

/** ms that all of it takes. */
export function lasts({ strokes }: Movement): number {
  return strokes.reduce((most, { t }) => Math.max(most, t[t.length - 1]), 0);
}

/** The same on a sheet that is `width` wide. */
export function fitted(movement: Movement, width: number): Movement {
  const k = width / movement.width;
  const strokes = movement.strokes.map((stroke) => ({
    ...stroke,
    x: Array.from(stroke.x, (value) => value * k),
    y: Array.from(stroke.y, (value) => value * k),
    width: stroke.width * k,
  }));
  return { ...movement, width, strokes };
}

/** What a file of strokes says of its first page: handsynth/formats/json_ink.py. */
export function movementIn(file: unknown): Movement {
  const [{ width, words, strokes }] = (file as { pages: Sheet[] }).pages;
  const drawn = strokes.map(({ word, x, y, t, w }) => ({ word, x, y, t, width: Math.max(...w) }));
  return { width, words: words ?? null, strokes: drawn };
}

interface Sheet {
  width: number;
  words?: string[];
  strokes: { word: number; x: number[]; y: number[]; t: number[]; w: number[] }[];
}
