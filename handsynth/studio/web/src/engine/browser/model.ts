/** The model's graphs in onnxruntime-web: one thread of WebAssembly. Their ports are those of handsynth/model/graphs.py. */

import { InferenceSession, Tensor, env } from "onnxruntime-web/wasm";

import type { BankFile } from "./alphabets";
import type { Drawing } from "./drawing";
import type { Tables } from "./tables";

/** Most glyphs in one run: memory stays bounded. */
const MOST = 64;
/** Width of the pen, in x-heights, of strokes that are nobody's yet. */
const PLAIN_PEN = 0.13;

export class Model {
  private readonly sessions = new Map<string, Promise<InferenceSession>>();
  private styleMap?: Promise<{ mean: Float32Array; inverse: Float64Array[] }>;

  private constructor(
    readonly tables: Tables,
    private readonly base: string,
  ) {}

  /** From the folder at `base` (a URL with its slash), with model/ and ort.wasm in it. */
  static async open(base: string): Promise<Model> {
    env.wasm.numThreads = 1;
    env.wasm.wasmPaths = { wasm: new URL("ort.wasm", base).href };
    const answer = await fetch(new URL("model/model.json", base));
    if (!answer.ok) throw new Error(`the site lacks model/model.json (${answer.status}); write it again`);
    const model = new Model((await answer.json()) as Tables, base);
    await Promise.all([model.session("prior"), model.session("decoder")]);
    return model;
  }

  has(graph: string): boolean {
    return graph in this.tables.graphs;
  }

  /** The bank of letters that the charset lacks. */
  async alphabets(): Promise<BankFile> {
    const answer = await fetch(new URL("model/alphabets.json", this.base));
    if (!answer.ok) throw new Error(`the site lacks model/alphabets.json (${answer.status}); write it again`);
    return (await answer.json()) as BankFile;
  }

  /** Drawings of characters (places in the charset) in one style, each with its variation; `offsets` move points. */
  async decode(
    chars: number[],
    style: Float32Array,
    variations: Float32Array[],
    offsets: (Float32Array | null)[] = [],
  ): Promise<Drawing[]> {
    const { frame, draws } = this.tables;
    return this.tiles(chars.length, async (start, stop) => {
      const session = await this.session("decoder");
      const { field, points, exist } = await session.run({
        char: index(chars.slice(start, stop)),
        style: repeated(style, stop - start),
        variation: rows(variations.slice(start, stop)),
      });
      if (draws === "field") return cut(field.data as Float32Array, frame.size ** 2);
      const all = points.data as Float32Array;
      offsets.slice(start, stop).forEach((moves, i) => {
        moves?.forEach((value, at) => (all[i * moves.length + at] += value));
      });
      return this.strokes(all, exist.data as Float32Array);
    });
  }

  /** Of the points of all slots [n, P, 2] those of strokes that exist ([n, K] is positive). */
  private strokes(points: Float32Array, exist: Float32Array): Drawing[] {
    const { slots, frame } = this.tables;
    const width = Math.fround(PLAIN_PEN * frame.xheight);
    let at = 0;
    return cut(exist, slots.length).map((there) => {
      const strokes = slots.map((count) => points.slice(at, (at += 2 * count)));
      return { strokes: strokes.filter((_, slot) => there[slot] > 0), width };
    });
  }

  /** Variations of characters in styles, which are given as noise, from standard normal noise. */
  async vary(chars: number[], styleNoise: Float32Array[], noise: Float32Array[]): Promise<Float32Array[]> {
    return this.tiles(chars.length, async (start, stop) => {
      const found = await this.prior(
        chars.slice(start, stop),
        rows(styleNoise.slice(start, stop)),
        rows(noise.slice(start, stop)),
      );
      return cut(found.variation, this.tables.variationSize);
    });
  }

  /** Styles from standard normal noise. */
  async styles(noise: Float32Array[]): Promise<Float32Array[]> {
    const still = new Float32Array(this.tables.variationSize);
    const found = await this.prior(
      noise.map(() => 0),
      rows(noise),
      repeated(still, noise.length),
    );
    return cut(found.style, this.tables.styleSize);
  }

  /** The noise from which the prior draws this style: the inverse of its affine map. */
  async styleNoise(style: Float32Array): Promise<Float32Array> {
    if (this.tables.draws === "strokes") return style; // p(s) is the standard normal itself
    const size = this.tables.styleSize;
    this.styleMap ??= (async () => {
      const probes = [-1, ...Array(size).keys()].map((one) =>
        new Float32Array(size).map((_, i) => (i === one ? 1 : 0)),
      );
      const [mean, ...ends] = await this.styles(probes);
      return { mean, inverse: inverted(ends.map((end) => Float64Array.from(end, (value, i) => value - mean[i]))) };
    })();
    const { mean, inverse } = await this.styleMap;
    return new Float32Array(size).map((_, to) => {
      let sum = 0;
      for (let from = 0; from < size; from++) sum += (style[from] - mean[from]) * inverse[from][to];
      return sum;
    });
  }

  /** Log-probability of each character of the charset, for fields' ink [H * H] in 0 … 1. */
  async read(ink: Float32Array[]): Promise<Float32Array[]> {
    const { charset, frame } = this.tables;
    return this.tiles(ink.length, async (start, stop) => {
      const session = await this.session("reader");
      const dims = [stop - start, frame.size, frame.size];
      const { logprobs } = await session.run({ ink: new Tensor("float32", rows(ink.slice(start, stop)).data, dims) }, [
        "logprobs",
      ]);
      return cut(logprobs.data as Float32Array, charset.length);
    });
  }

  private async prior(chars: number[], style: Tensor, variation: Tensor) {
    const session = await this.session("prior");
    const found = await session.run({ char: index(chars), style_noise: style, variation_noise: variation });
    return { style: found.style.data as Float32Array, variation: found.variation.data as Float32Array };
  }

  private async tiles<T>(count: number, work: (start: number, stop: number) => Promise<T[]>): Promise<T[]> {
    const result: T[] = [];
    for (let start = 0; start < count; start += MOST) {
      for (const row of await work(start, Math.min(count, start + MOST))) result.push(row);
    }
    return result;
  }

  /** A graph, opened on first use. */
  private session(graph: string): Promise<InferenceSession> {
    let found = this.sessions.get(graph);
    if (!found) {
      const url = new URL(`model/${graph}.onnx`, this.base).href;
      found = InferenceSession.create(url, { executionProviders: ["wasm"], logSeverityLevel: 3 });
      this.sessions.set(graph, found);
    }
    return found;
  }
}

function index(chars: number[]): Tensor {
  return new Tensor("int64", BigInt64Array.from(chars, BigInt), [chars.length]);
}

function rows(parts: Float32Array[]): Tensor & { data: Float32Array } {
  const width = parts[0].length;
  const data = new Float32Array(parts.length * width);
  parts.forEach((part, i) => data.set(part, i * width));
  return new Tensor("float32", data, [parts.length, width]) as Tensor & { data: Float32Array };
}

function repeated(row: Float32Array, count: number): Tensor {
  return rows(Array<Float32Array>(count).fill(row));
}

function cut(data: Float32Array, width: number): Float32Array[] {
  return Array.from({ length: data.length / width }, (_, i) => data.slice(i * width, (i + 1) * width));
}

/** The inverse of a square matrix, by Gauss and Jordan with the largest pivots. */
export function inverted(matrix: Float64Array[]): Float64Array[] {
  const size = matrix.length;
  const left = matrix.map((row) => row.slice());
  const right = matrix.map((_, i) => new Float64Array(size).map((_, k) => (i === k ? 1 : 0)));
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column; row < size; row++) {
      if (Math.abs(left[row][column]) > Math.abs(left[pivot][column])) pivot = row;
    }
    for (const side of [left, right]) [side[column], side[pivot]] = [side[pivot], side[column]];
    const scale = 1 / left[column][column];
    for (const side of [left, right]) side[column].forEach((value, k) => (side[column][k] = value * scale));
    for (let row = 0; row < size; row++) {
      const share = left[row][column];
      if (row === column || !share) continue;
      for (const side of [left, right]) side[column].forEach((value, k) => (side[row][k] -= share * value));
    }
  }
  return right;
}
