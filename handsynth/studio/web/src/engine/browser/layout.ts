/** Text to a page: one picture of a text, as large as it needs. handsynth/layout/text.py and typeset.py. */

import { margin, wander } from "./baseline";
import type { Charset } from "./charset";
import { type Pen, pageSeed } from "./draw";
import type { Frame } from "./frame";
import type { Glyphs, Shape } from "./glyphs";
import { type Drawing, isField } from "./drawing";
import { type Joining, type Letter, pairs } from "./joining";
import { joint, joined, spread } from "./joins";
import { type Lines, breakLines } from "./lines";
import type { Normals } from "./noise";
import type { Place } from "./paths";
import { noiseKey } from "./noisekey";
import { type Missing, read } from "./reading";
import { INDENT, LINE_HEIGHT, type Setting, check, steps } from "./setting";
import type { Tables } from "./tables";
import { type Strays, strays } from "./unevenness";
import { type Script, hyphenate, split } from "./words";

/** Ink of neighbouring lines stays this far apart, in x-heights. */
const CLEAR_LINES = 0.1;
const BIN = 0.25;

/** A glyph's point (x, y) is where its frame's centre line meets the baseline. Lengths in x-heights, y down. */
export interface Placed {
  x: number;
  y: number;
  /** Radians, counter-clockwise as seen. */
  angle: number;
  drawing: Drawing;
}

export interface Page {
  frame: Frame;
  width: number;
  height: number;
  glyphs: Placed[];
  /** Of each glyph which stroke runs on into the first of the next one, -1 for none. */
  ties: number[];
  /** Of each glyph its line, its place among the words, and what it stands for. */
  line: number[];
  word: number[];
  text: string[];
  words: string[];
  notes: string[];
}

export class Typesetter {
  constructor(
    private readonly tables: Tables,
    private readonly charset: Charset,
    private readonly glyphs: Glyphs,
    private readonly normals: Normals,
  ) {}

  /** Throws a Refusal for a text that cannot be set. */
  async page(text: string, pen: Pen, setting: Setting, missing: Missing, signal?: AbortSignal): Promise<Page> {
    check(setting);
    const { frame, signs } = this.tables;
    const { items, notes } = read(text, this.charset, missing);
    let script = split(items, signs.breakAfter);
    const keys = script.words.map(({ text, time }) => noiseKey(text, time));
    const seed = pageSeed(pen);
    const inside = keys.map((key) => setting.wander * margin(seed, key));
    let shapes = await this.glyphs.shapes(script, script.glyphs, pen, signal);
    let stray = strays(this.normals, seed, script.glyphs, setting.unevenness);
    let lines = this.lines(script, shapes, setting, inside, stray);
    const hyphen = lines.torn.length ? this.charset.pieces("-") : null;
    if (hyphen) {
      const marked = hyphenate(script, new Set(lines.torn.map((i) => script.glyphs[i].word)), hyphen, signs);
      if (marked !== script) {
        script = marked;
        shapes = await this.glyphs.shapes(script, script.glyphs, pen, signal);
        stray = strays(this.normals, seed, script.glyphs, setting.unevenness);
        lines = this.lines(script, shapes, setting, inside, stray);
      }
    }
    const kept = lines.kept.map((i, at) => ({
      shape: shapes[i],
      x: lines.x[at],
      line: lines.line[at],
      word: script.glyphs[i].word,
      place: script.glyphs[i].place,
      text: script.glyphs[i].item.text,
      shift: stray.shift[i],
    }));
    const { rise, angle } = wander(this.normals, seed, keys, kept, setting.unevenness.amount);
    const standing = kept.map(({ shape, x, line, shift }, i) => {
      const [left, top, right, bottom] = shape.box;
      const up = rise[i] * setting.wander + setting.wander * shift;
      const at = x + setting.margin;
      return { shape, line, x: at, up, left: at + left, right: at + right, top: up - top, bottom: bottom - up };
    });
    const { baselines, height } = stacked(standing, lines.count, setting);
    let widest = standing.reduce((most, { right }) => Math.max(most, right), -Infinity);
    if (setting.wrap !== null) widest = Math.max(widest, setting.margin + setting.wrap);
    const places = standing.map(({ x, line, up }, i) => ({
      x,
      y: baselines[line] - up,
      angle: Math.fround(angle[i] * setting.wander),
    }));
    const { drawings, ties } = this.joined(kept, places, setting);
    return {
      frame,
      width: widest + setting.margin,
      height,
      glyphs: places.map((where, i) => ({ ...where, drawing: drawings[i] })),
      ties,
      line: kept.map(({ line }) => line),
      word: kept.map(({ word }) => word),
      text: kept.map(({ text }) => text),
      words: script.words.map(({ text }) => text),
      notes,
    };
  }

  /** The drawings of the letters where they stand, joined as the hand joins them. */
  private joined(kept: (Omit<Letter, "follows"> & Standing)[], places: Place[], { joins }: Setting): { drawings: Drawing[]; ties: number[] } {
    const drawings = kept.map(({ shape }) => shape.drawing);
    if (!joins) return { drawings, ties: drawings.map(() => -1) };
    const follows = (i: number) => kept[i].word === kept[i + 1]?.word && kept[i].line === kept[i + 1].line;
    const tied = pairs(
      joins,
      this.normals,
      kept.map(({ text, place }, i) => ({ text, place, follows: follows(i) })),
    );
    const paths = drawings.map((drawing) => (isField(drawing) ? null : drawing));
    const texts = kept.map(({ text }) => text);
    const { grown, ties } = joined(paths, places, texts, tied, this.tables.frame);
    return { drawings: grown.map((found, i) => found ?? drawings[i]), ties };
  }

  private lines(script: Script, shapes: Shape[], setting: Setting, inside: number[], stray: Strays): Lines {
    const edges = shapes.map(({ profile }) => profile);
    const step = steps(script.glyphs, edges, this.tables.frame, setting, this.tables.bearings, stray);
    if (setting.joins) this.spread(step, script, shapes, setting.joins);
    const indent = script.glyphs.map(({ newlines, space, word }, i) => {
      const blank = newlines > 0 || i === 0 ? space : 0;
      return blank * INDENT * setting.wordSpacing + inside[word];
    });
    const [left, right] = [0, 1].map((side) => edges.map(({ box }) => box[side]));
    return breakLines(script, step, left, right, indent, setting.wrap);
  }

  /** Makes room in `step`, in place, for the joins of a script's letters. */
  private spread(step: Float64Array, script: Script, shapes: Shape[], joins: Joining): void {
    const core = [...script.glyphs.keys()].filter((i) => !script.glyphs[i].optional);
    const letters = core.map((i, n): Letter => {
      const [here, next] = [script.glyphs[i], script.glyphs[core[n + 1]]];
      return { text: here.item.text, place: here.place, follows: next?.word === here.word && next.newlines === 0 };
    });
    pairs(joins, this.normals, letters).forEach((tied, n) => {
      if (!tied) return;
      const [one, other] = [core[n], core[n + 1]].map((i) => {
        const { drawing } = shapes[i];
        return isField(drawing) || !drawing.strokes.length
          ? null
          : joint(drawing, this.tables.frame, script.glyphs[i].item.text);
      });
      if (!one || !other) return;
      const edges = [core[n], core[n + 1]].map((i) => shapes[i].profile);
      const texts = letters.slice(n, n + 2).map(({ text }) => text);
      step[core[n + 1]] = spread(step[core[n + 1]], one, other, this.tables.frame, texts, edges);
    });
  }
}

/** A letter in its line. */
interface Standing {
  shape: Shape;
  word: number;
  line: number;
}

interface Extent {
  line: number;
  /** Ink, in x-heights: from and to, above and below its baseline. */
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Baselines and the height of the sheet: even, but wider where ink would touch the line above. */
function stacked(glyphs: Extent[], count: number, setting: Setting): { baselines: number[]; height: number } {
  const reach = Array.from({ length: count }, () => ({
    over: new Map<number, number>(),
    under: new Map<number, number>(),
  }));
  for (const { line, left, right, top, bottom } of glyphs) {
    const { over, under } = reach[line];
    for (let bin = Math.floor(left / BIN) - 1; bin <= Math.ceil(right / BIN) + 1; bin++) {
      over.set(bin, Math.max(over.get(bin) ?? -Infinity, Math.fround(top)));
      under.set(bin, Math.max(under.get(bin) ?? -Infinity, Math.fround(bottom)));
    }
  }
  const most = (values: Iterable<number>, least: number) => [...values].reduce((a, b) => Math.max(a, b), least);
  const baselines: number[] = [];
  reach.forEach(({ over }, line) => {
    if (line === 0) {
      baselines.push(setting.margin + most(over.values(), 1.6));
      return;
    }
    let gap = LINE_HEIGHT * setting.lineSpacing;
    const above = reach[line - 1].under;
    for (const [bin, top] of over) {
      const below = above.get(bin);
      if (below !== undefined) gap = Math.max(gap, Math.fround(Math.fround(below + top) + Math.fround(CLEAR_LINES)));
    }
    baselines.push(baselines[line - 1] + gap);
  });
  const last = baselines[count - 1];
  let foot = most(reach[count - 1].under.values(), 0.6);
  // ink of an earlier line could hang lower than that of the last
  for (const { line, bottom } of glyphs) foot = Math.max(foot, baselines[line] + bottom - last);
  return { baselines, height: last + foot + setting.margin };
}
