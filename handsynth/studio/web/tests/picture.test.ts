import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";

import { compose, missingBox } from "../src/engine/browser/compose";
import { plain } from "../src/engine/browser/charset";
import { sheared } from "../src/engine/browser/drawing";
import { FAR, inkBox } from "../src/engine/browser/frame";
import { half } from "../src/engine/browser/half";
import { breakLines } from "../src/engine/browser/lines";
import { inverted } from "../src/engine/browser/model";
import { crc, png } from "../src/engine/browser/png";
import { colour, colours, palette } from "../src/engine/browser/raster";
import { enlarged, reduced, warped } from "../src/engine/browser/resample";
import { CLEARANCE, DEFAULT_GAP, Profile, apart, distance } from "../src/engine/browser/spacing";
import { outline } from "../src/engine/browser/svg";

const frame = { size: 64, baseline: 45, xheight: 18 };

/** An upright bar, as a distance to its edge. */
function bar(left: number, right: number, top = 27, bottom = 45): Float32Array {
  return Float32Array.from({ length: 64 * 64 }, (_, at) => {
    const [x, y] = [(at % 64) + 0.5, Math.floor(at / 64) + 0.5];
    return Math.max(FAR, Math.min(4, x - left, right - x, y - top, bottom - y));
  });
}

describe("numbers of 16 bits", () => {
  it("are the nearest, ties to even", () => {
    expect(half(1 + 2 ** -11)).toBe(1);
    expect(half(1 + 3 * 2 ** -11)).toBe(1 + 2 ** -9);
    expect(half(0.1)).toBe(0.0999755859375);
    expect(half(-3.9999)).toBe(-4);
    expect(half(2 ** -24 * 1.5)).toBe(2 ** -23);
    expect(half(0)).toBe(0);
  });
});

describe("spacing", () => {
  const stem = Profile.of(bar(30, 34), frame);

  it("leaves two stems the usual gap", () => {
    const width = stem.box[1] - stem.box[0];
    expect(distance(stem, stem, frame, DEFAULT_GAP, CLEARANCE) - width).toBeCloseTo(DEFAULT_GAP, 2);
  });

  it("leaves words their space", () => {
    expect(apart(stem, stem, 0.75) - (stem.box[1] - stem.box[0])).toBeCloseTo(0.75, 6);
  });

  it("never lets inks touch", () => {
    const upright = bar(30, 34);
    const bent = Profile.of(
      bar(20, 44, 43, 45).map((value, at) => Math.max(value, upright[at])),
      frame,
    );
    const clear = distance(bent, bent, frame, DEFAULT_GAP, CLEARANCE) - (bent.box[1] - bent.box[0]);
    expect(clear).toBeGreaterThan(CLEARANCE - 1e-6);
  });
});

describe("composing", () => {
  it("leaves a character by itself as it is", () => {
    const field = bar(30, 34);
    expect(compose([plain("l")], [field], frame)).toBe(field);
  });

  it("puts a mark clear above its letter", () => {
    const mark = compose([plain("l"), { ...plain("."), anchor: "above" }], [bar(30, 34), bar(30, 34, 41, 45)], frame);
    expect(inkBox(Float64Array.from(mark), frame)[1]).toBeLessThan(-1.2);
  });

  it("draws a box with an empty middle", () => {
    const box = missingBox(frame, new Array(8).fill(0.5));
    expect(Math.max(...box)).toBeGreaterThan(0);
    expect(box[36 * 64 + 32]).toBeLessThan(0);
  });
});

describe("a sheared field", () => {
  it("keeps the middle of a small letter in place", () => {
    const [row, column] = [35, 32];
    const leaning = sheared(bar(30, 34), 0.4, frame);
    expect(leaning[row * 64 + column]).toBeCloseTo(bar(30, 34)[row * 64 + column], 0);
    expect(leaning[28 * 64 + 35]).toBeGreaterThan(bar(30, 34)[28 * 64 + 35]);
  });
});

describe("lines", () => {
  const glyph = {
    item: { text: "a", kind: "glyph", pieces: [], width: 0, holds: false },
    letter: 0,
    place: 0n,
    space: 0,
    newlines: 0,
    weak: false,
    optional: false,
  } as const;
  const script = (breaks: number[]) => ({
    glyphs: Array.from({ length: 9 }, (_, i) => ({
      ...glyph,
      pieces: [],
      item: { ...glyph.item, pieces: [] },
      word: 0,
      breakable: breaks.includes(i),
    })),
    words: [{ text: "a", time: 0 }],
    ends: 0,
  });
  const nine = (value: number) => new Array<number>(9).fill(value);

  it("end where they may, before they are too wide", () => {
    const lines = breakLines(script([3, 6]), nine(1), nine(-0.4), nine(0.4), nine(0), 4);
    expect(lines.line).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    expect(lines.torn).toEqual([]);
    expect(lines.x[3]).toBeCloseTo(0.4);
  });

  it("tear a word that is too long", () => {
    expect(breakLines(script([]), nine(1), nine(-0.4), nine(0.4), nine(0), 4).torn.length).toBeGreaterThan(0);
  });
});

describe("pictures", () => {
  it("keep level ground when enlarged, turned and averaged", () => {
    const level = { width: 5, height: 4, data: new Float32Array(20).fill(2.5) };
    const large = enlarged(level, 4);
    expect([large.width, large.height]).toEqual([20, 16]);
    const seen = reduced(warped(large, [1, 0.9, 0.1, 1, -0.1, 0.9], 8, 8, 2.5), 2);
    for (const value of [...large.data, ...seen.data]) expect(value).toBeCloseTo(2.5, 5);
  });

  it("mix ink and paper, and keep the ink's colour where nothing is", () => {
    const mixed = palette([10, 20, 30, 255], [0, 0, 0, 0]);
    expect(mixed[0]).toEqual([10, 20, 30, 0]);
    expect(mixed[255]).toEqual([10, 20, 30, 255]);
    expect(palette([0, 0, 0, 255], [255, 255, 255, 255])[51]).toEqual([204, 204, 204, 255]);
  });

  it("know colours, and refuse what nobody would see", () => {
    expect(colour("#1b24408a", "ink")).toEqual([0x1b, 0x24, 0x40, 0x8a]);
    expect(colour("#fff", "paper")).toEqual([255, 255, 255, 255]);
    expect(() => colours("#ffffff", "#fff")).toThrow("same colour");
    expect(() => colour("javascript:", "ink")).toThrow("unknown");
  });

  it("are PNG files with a palette", async () => {
    const file = await png(
      Uint8Array.of(0, 255, 128, 7),
      2,
      2,
      palette([0, 0, 255, 255], [255, 255, 255, 255]),
      { Hand: "Zoë" },
      300,
    );
    const bytes = Buffer.from(await file.arrayBuffer());
    const chunks: Record<string, Buffer> = {};
    for (let at = 8; at < bytes.length;) {
      const size = bytes.readUInt32BE(at);
      const body = bytes.subarray(at + 4, at + 8 + size);
      expect(bytes.readUInt32BE(at + 8 + size)).toBe(crc(body));
      chunks[body.subarray(0, 4).toString("latin1")] = body.subarray(4);
      at += size + 12;
    }
    expect(Object.keys(chunks)).toEqual(["IHDR", "iTXt", "pHYs", "PLTE", "IDAT", "IEND"]);
    expect([...inflateSync(chunks.IDAT)]).toEqual([0, 0, 255, 0, 128, 7]);
    expect(chunks.iTXt.toString("utf8")).toBe("Hand\0\0\0\0\0Zoë");
  });

  it("have outlines at the edge of the ink", () => {
    const [ring, ...more] = outline(bar(30, 34), frame);
    expect(more).toEqual([]);
    for (const [x, y] of ring) {
      const away = Math.min(x - 30, 34 - x, y - 27, 45 - y);
      expect(Math.abs(away)).toBeLessThan(0.35); // corners are rounded
    }
  });
});

describe("an inverse matrix", () => {
  it("undoes it", () => {
    const matrix = [
      [0, 2, 1],
      [1, 1, 0],
      [3, 0, 1],
    ].map((row) => Float64Array.from(row));
    const inverse = inverted(matrix);
    matrix.forEach((row, i) =>
      [0, 1, 2].forEach((k) => {
        const sum = row.reduce((total, value, j) => total + value * inverse[j][k], 0);
        expect(sum).toBeCloseTo(i === k ? 1 : 0, 12);
      }),
    );
  });
});
