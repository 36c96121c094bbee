import { describe, expect, it } from "vitest";

import { plain } from "../src/engine/browser/charset";
import { sheared } from "../src/engine/browser/drawing";
import { bounds, moved, placed, splined, thinned } from "../src/engine/browser/paths";
import { compose, missingBox } from "../src/engine/browser/pencompose";
import { type Picture, cover, fitted, framed } from "../src/engine/browser/penink";
import { edges } from "../src/engine/browser/penshape";
import type { Piece } from "../src/engine/browser/tables";

const frame = { size: 64, baseline: 45, xheight: 18 };
const pen = (width: number, ...strokes: number[][]) => ({
  width,
  strokes: strokes.map((one) => Float32Array.from(one)),
});
const stem = pen(2, [32, 27, 32, 36, 32, 45]);

function sheet(width: number, height: number): Picture {
  return { width, height, coverage: new Uint8Array(width * height) };
}

describe("strokes", () => {
  it("run through their points, straight where those are", () => {
    const fine = splined(pen(1, [0, 0, 4, 0, 8, 0]), 4).strokes[0];
    expect([...fine].filter((_, i) => i % 2)).toEqual(new Array(9).fill(0));
    expect([...fine].filter((_, i) => i % 2 === 0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const bent = splined(pen(1, [0, 0, 4, 4, 8, 0]), 2).strokes[0];
    expect([...bent]).toEqual([0, 0, 2, 2.5, 4, 4, 6, 2.5, 8, 0]);
  });

  it("keep their last point when thinned", () => {
    expect([...thinned(pen(1, [0, 0, 1, 1, 2, 2, 3, 3]), 2).strokes[0]]).toEqual([0, 0, 2, 2, 3, 3]);
  });

  it("have as many points as the picture needs", () => {
    expect(fitted(stem, 4).strokes[0].length).toBeGreaterThan(stem.strokes[0].length);
    expect(fitted(stem, 1)).toBe(stem);
    expect(fitted(stem, 0.3).strokes[0].length).toBeLessThan(stem.strokes[0].length);
  });

  it("stand where they are put, as large as asked", () => {
    const { strokes, width } = placed(stem, { x: 1, y: 2, angle: Math.PI / 2 }, frame, 36);
    expect(width).toBe(4);
    const [x, y] = strokes[0].slice(-2);
    expect([x, y]).toEqual([36, 72]); // the glyph's point
    expect(strokes[0][0]).toBeCloseTo(0, 4); // what was up is left
  });

  it("have bounds with their pen", () => {
    expect(bounds(stem)).toEqual([31, 26, 33, 46]);
    expect(bounds(pen(1))).toBeNull();
  });

  it("lean about the middle of a small letter", () => {
    expect([...sheared(stem, 0.5, frame).strokes[0]]).toEqual([36.5, 27, 32, 36, 27.5, 45]);
  });

  it("have edges row by row", () => {
    const { left, right, box } = edges(stem, frame);
    expect([left[10], right[10]]).toEqual([Infinity, -Infinity]);
    expect(right[35] - left[35]).toBeCloseTo(2 / 18, 1);
    expect(box[0]).toBeCloseTo(-1 / 18, 2);
  });
});

describe("ink of a round pen", () => {
  it("covers what it touches, most where it is", () => {
    const picture = sheet(9, 5);
    cover(picture, pen(2, [2.5, 2.5, 6.5, 2.5]));
    expect([...picture.coverage.subarray(2 * 9, 3 * 9)]).toEqual([0, 128, 255, 255, 255, 255, 255, 128, 0]);
    expect([...picture.coverage.subarray(9, 18)].slice(2, 7)).toEqual(new Array(5).fill(128));
  });

  it("turns grey where the pen is thinner than a pixel, and knows dots", () => {
    const picture = sheet(3, 3);
    cover(picture, pen(0.5, [1.5, 1.5]));
    expect([...picture.coverage]).toEqual([0, 0, 0, 0, 128, 0, 0, 0, 0]);
  });

  it("ends at the picture's edge", () => {
    const picture = sheet(4, 4);
    cover(picture, pen(4, [-3, -3, 9, 9]));
    expect(picture.coverage[0]).toBe(255);
  });

  it("is a share in the frame", () => {
    expect(Math.max(...framed(stem, frame))).toBeCloseTo(1, 6);
  });
});

describe("signs of strokes", () => {
  it("are the character itself where that is all", () => {
    expect(compose([plain("l")], [stem], frame)).toBe(stem);
  });

  it("have their mark clear above the letter", () => {
    const dot = pen(2, [32, 40, 32, 41]);
    const { strokes } = compose([plain("l"), { ...plain("."), anchor: "above" }], [stem, dot], frame);
    expect(strokes.length).toBe(2);
    const box = bounds({ strokes: [strokes[1]], width: 2 })!;
    expect(box[3]).toBeLessThan(45 - 1.14 * 18 + 0.01);
    expect((box[0] + box[2]) / 2).toBeCloseTo(32, 4);
  });

  it("lose what is above a cut", () => {
    const both = pen(2, [32, 20, 32, 21], [32, 27, 32, 45]);
    const [left, ...more] = compose([{ ...plain("i"), cut: 1.1 }], [both], frame).strokes;
    expect([[...left], more]).toEqual([[32, 27, 32, 45], []]);
  });

  it("lose a dot with all of its stroke, and no part of the others", () => {
    const letter = pen(2, [32, 27, 32, 45], [33, 32, 33, 30]);
    const [stroke, ...more] = compose([{ ...plain("i"), cut: 0.8 }], [letter], frame).strokes;
    expect([[...stroke], more]).toEqual([[32, 27, 32, 45], []]);
  });

  it("have parts as large as asked, whose pen keeps its width, where asked", () => {
    const bar = { ...plain("-"), anchor: "across", width: 1, dx: 0.5, dy: 0.5, side: 1 } as const;
    const [, stroke] = compose([plain("l"), bar], [stem, pen(2, [32, 40, 36, 40])], frame).strokes;
    // 18 px with the pen, its middle 9 px right of the stem and half way up its ink
    expect([...stroke].map((value) => +value.toFixed(3))).toEqual([33, 36, 49, 36]);
  });

  it("have parts in a share of what there is, after it and at a place", () => {
    const drawn = (piece: Partial<Piece>) => {
      const { strokes } = compose([plain("l"), { ...plain("."), ...piece }], [stem, pen(2, [30, 40, 30, 46])], frame);
      return bounds({ strokes: [strokes[1]], width: 2 })!.map((value) => +value.toFixed(3));
    };
    expect(drawn({ anchor: "through", height: 0.5, dy: 0.5 })).toEqual([31, 31, 33, 41]);
    expect(drawn({ anchor: "after", dx: 0.5, dy: 0.5 })).toEqual([42, 30, 44, 38]);
    expect(drawn({ anchor: "against", dx: 0.5, dy: 0.5 })).toEqual([41, 30, 43, 38]);
    expect(drawn({ anchor: "at", dx: 1, dy: 1 })).toEqual([49, 19, 51, 27]);
    expect(drawn({ anchor: "at", height: 99 })).toEqual([31, 19, 33, 45]); // four times as long, and no more
  });

  it("stand against the strokes that they face, over a tail", () => {
    const [tailed, letter] = [pen(2, [32, 27, 32, 45, 44, 45]), pen(2, [30, 27, 30, 45])];
    const drawn = (anchor: Piece["anchor"]) => compose([plain("a"), { ...plain("e"), anchor }], [tailed, letter], frame).strokes;
    const left = (strokes: Float32Array[]) => Math.min(...strokes[strokes.length - 1].filter((_, i) => i % 2 === 0));
    expect([left(drawn("against")), left(drawn("after"))]).toEqual([33, 46]);
  });

  it("have strokes through points of their own, which lean and shake as the pen does", () => {
    const path: Piece["path"] = [[0, 1], [0, 0.5], [0, 0]];
    const through = (drawn: number[]) => {
      const { strokes } = compose([{ ...plain("|"), path }], [pen(2, drawn)], frame);
      return [...strokes[0]].map((value) => +value.toFixed(3));
    };
    expect(through([32, 27, 32, 45]).filter((_, i) => i % 8 < 2)).toEqual([32, 27, 32, 36, 32, 45]);
    expect(through([41, 27, 32, 45]).filter((_, i) => i % 8 < 2)).toEqual([41, 27, 36.5, 36, 32, 45]);
    // the middle is moved by no more than 0.05 x-heights
    expect(through([32, 27, 39, 36, 32, 45])[8]).toBe(32.9);
  });

  it("are a box of four sides where they are missing", () => {
    const { strokes, width } = missingBox(frame, new Array<number>(8).fill(0.5), 2);
    expect([strokes.length, width]).toEqual([4, 2]);
    expect(strokes[0][0]).toBeCloseTo(32 - 0.45 * 18, 4);
    expect([...strokes[3].slice(-2)]).toEqual([...strokes[0].slice(0, 2)]);
  });
});

it("moves points by an affine map", () => {
  expect([...moved(pen(1, [1, 2]), [0, 1, 10, -1, 0, 20]).strokes[0]]).toEqual([12, 19]);
});
