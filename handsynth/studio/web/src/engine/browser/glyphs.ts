/** The glyphs of scripts, drawn and composed. They are kept: a letter more costs the word it stands in, no more. */

import { type Item } from "./charset";
import * as fields from "./compose";
import { type Pen, type Wanted, drawn, pageSeed } from "./draw";
import { type Drawing, isField } from "./drawing";
import { type Box, type Field, type Frame, about, inkBox } from "./frame";
import { half } from "./half";
import type { Hand } from "./hand";
import type { Model } from "./model";
import { type Normals, uniforms } from "./noise";
import { type Paths, bounds } from "./paths";
import * as pens from "./pencompose";
import { edges } from "./penshape";
import { Profile } from "./spacing";
import { type Glyph, type Script, piecePlace } from "./words";

/** Drawings that are kept, 25 KB each at most. */
const KEPT = 2000;
/** Glyphs that are drawn between two looks at whether anybody still wants them. */
const CHUNK = 64;

/** One drawing of a glyph. */
export class Shape {
  /** Ink box in x-heights about the glyph's point. */
  readonly box: Box;
  readonly profile: Profile;

  constructor(
    readonly drawing: Drawing,
    frame: Frame,
  ) {
    if (isField(drawing)) [this.box, this.profile] = [inkBox(drawing, frame), Profile.of(drawing, frame)];
    else [this.box, this.profile] = [about(bounds(drawing), frame), edges(drawing, frame)];
  }
}

export class Glyphs {
  private readonly kept = new Map<string, Shape>();
  private readonly hands = new WeakMap<Hand, number>();
  private readonly index: Map<string, number>;
  private met = 0;

  constructor(
    private readonly model: Model,
    private readonly normals: Normals,
  ) {
    this.index = new Map([...model.tables.charset, ...model.tables.foreign].map((char, i) => [char, i]));
  }

  /** The drawings of `glyphs` of `script`, in their order. Rejects as `signal` says. */
  async shapes(script: Script, glyphs: Glyph[], pen: Pen, signal?: AbortSignal): Promise<Shape[]> {
    const common = this.key(pen);
    const keys = glyphs.map(
      ({ item, place }) => `${common}|${place}|${item.kind}|${item.pieces.map(({ char }) => char).join("")}`,
    );
    const result = keys.map((key) => this.kept.get(key));
    const todo = [...result.keys()].filter((i) => !result[i]);
    for (let start = 0; start < todo.length; start += CHUNK) {
      const part = todo.slice(start, start + CHUNK);
      const made = await this.draw(
        script,
        part.map((i) => glyphs[i]),
        pen,
      );
      part.forEach((i, at) => (result[i] = made[at]));
      await new Promise((done) => setTimeout(done)); // what was sent meanwhile is read
      signal?.throwIfAborted();
    }
    keys.forEach((key, i) => {
      this.kept.delete(key); // what is used again stays longest
      this.kept.set(key, result[i]!);
    });
    for (const key of this.kept.keys()) {
      if (this.kept.size <= KEPT) break;
      this.kept.delete(key);
    }
    return result as Shape[];
  }

  private async draw(script: Script, glyphs: Glyph[], pen: Pen): Promise<Shape[]> {
    const { frame, draws } = this.model.tables;
    const wanted: Wanted[] = glyphs.flatMap((glyph) =>
      glyph.item.pieces.map(({ char }, number) => ({
        char: this.index.get(char)!,
        place: piecePlace(script, glyph, number),
        // a hand keeps fields, which go together with no strokes
        free: draws === "field" || fields.isPlain(glyph.item.pieces),
      })),
    );
    const parts = await drawn(this.model, this.normals, pen, wanted);
    let at = 0;
    return glyphs.map(({ item, place }) => {
      const pieces = parts.slice(at, (at += item.pieces.length));
      if (item.kind !== "box") return new Shape(composed(item, pieces, frame), frame);
      const jitter = uniforms(pageSeed(pen), "glyph", place, 8);
      const width = Math.fround((pen.width ?? pen.hand.pen) * frame.xheight);
      const box =
        draws === "field" ? rounded(fields.missingBox(frame, jitter)) : pens.missingBox(frame, jitter, width);
      return new Shape(box, frame);
    });
  }

  private key({ hand, seed, temperature, variation, legibility, width, lean, use }: Pen): string {
    if (!this.hands.has(hand)) this.hands.set(hand, this.met++);
    return [this.hands.get(hand), seed, temperature, variation, legibility, width, lean, use].join("|");
  }
}

function composed(item: Item, drawn: Drawing[], frame: Frame): Drawing {
  if (!drawn.every(isField)) return pens.compose(item.pieces, drawn as Paths[], frame);
  const kept = drawn.map(rounded);
  return fields.isPlain(item.pieces) ? kept[0] : rounded(fields.compose(item.pieces, kept, frame));
}

function rounded(field: Field): Float32Array {
  return Float32Array.from(field, half);
}
