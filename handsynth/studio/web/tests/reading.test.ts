import { describe, expect, it } from "vitest";

import { Charset, plain } from "../src/engine/browser/charset";
import { clusters, describe as named } from "../src/engine/browser/clusters";
import { read } from "../src/engine/browser/reading";
import type { Piece, Tables } from "../src/engine/browser/tables";
import { hyphenate, split } from "../src/engine/browser/words";

// a few rows of what static.py writes
const SIGNS: Tables["signs"] = {
  marks: { "\u0301": [{ ...plain("'"), anchor: "above" }], "\u0308": [{ ...plain("."), anchor: "above" }] },
  spacingMarks: { "´": "\u0301" },
  tallCaron: [],
  commaBelow: [],
  learnt: [],
  signs: { ı: [{ ...plain("i"), cut: 1.15 }], "–": [{ ...plain("-"), wide: 1.5 }] },
  twins: { "’": ["'"], "™": ["TM"] },
  spaces: { " ": 1, "\t": 4, "\u00a0": 1 },
  holding: ["\u00a0"],
  newlines: ["\n", "\r", "\r\n"],
  invisible: ["\u200d", "\ufe0f"],
  softHyphen: "\u00ad",
  zeroSpace: "\u200b",
  breakAfter: ["-", "–"],
  scripts: { "²": ["super", "2"], "½": ["fraction", "1\u20442"] },
};
const charset = () => new Charset(Array.from("abciTM12'./-"), SIGNS);
const drawn = (text: string) =>
  read(text, charset(), "box").items.map(({ kind, pieces }) => [kind, pieces.map((p) => p.char).join("")]);

describe("clusters", () => {
  it("keep marks, emoji sequences, flags and line ends together", () => {
    const alone = (char: string) => char === " " || char === "\r";
    expect(clusters("e\u0301\r\n👩‍💻 \u0301🇩🇪🇫", alone)).toEqual(["e\u0301", "\r\n", "👩‍💻", " ", "\u0301", "🇩🇪", "🇫"]);
  });

  it("are named so that they can be found", () => {
    expect(named("é")).toBe("'é' (U+00E9)");
    expect(named("\u0007")).toBe("U+0007");
  });
});

describe("reading", () => {
  it("composes accents and takes the dot off an i, of which there is nothing to say", () => {
    expect(drawn("á")).toEqual([["glyph", "a'"]]);
    expect(charset().resolve("í").items[0].pieces[0].cut).toBe(1.15);
    expect(read("áá–½", charset(), "box").notes).toEqual([]);
  });

  it("replaces by twins, spells out, and says so", () => {
    expect(drawn("’™")).toEqual([
      ["glyph", "'"],
      ["glyph", "T"],
      ["glyph", "M"],
    ]);
    expect(read("a’’", charset(), "box").notes).toEqual(["'’' (U+2019) at line 1, column 2 replaced by ''' (2 times)"]);
  });

  it("makes parts smaller with their sign, and carries those that go with other ink", () => {
    const small = (anchor: Piece["anchor"]) => {
      const parts: Piece[] = [plain("a"), { ...plain("b"), anchor, dx: 0.5, dy: 0.5, width: 1 }];
      const signs = { ...SIGNS, signs: { ø: parts }, scripts: { ᵝ: ["super", "ø"] } } satisfies Tables["signs"];
      const { scale, dx, dy, width, height } = new Charset(["a", "b"], signs).pieces("ᵝ")![1];
      return [scale, dx, dy, width, height];
    };
    expect(small("at")).toEqual([0.6, 0.3, 1, 0.6, null]);
    expect(small("after")).toEqual([0.6, 0.3, 1, 0.6, null]);
    expect(small("above")).toEqual([0.6, 0.3, 0.3, 0.6, null]);
    expect(small("across")).toEqual([0.6, 0.3, 0.5, 0.6, null]);
    expect(small("through")).toEqual([0.6, 0.5, 0.5, 1, null]);
  });

  it("composes signs, fractions and superscripts", () => {
    expect(drawn("–½²")).toEqual([
      ["glyph", "-"],
      ["glyph", "1/2"],
      ["glyph", "2"],
    ]);
  });

  it("draws a box for what is missing, or leaves it out with one of the blanks", () => {
    expect(drawn("a漢")).toEqual([
      ["glyph", "a"],
      ["box", ""],
    ]);
    const { items, notes } = read("a 漢 b", charset(), "skip");
    expect(items.map(({ kind, width }) => [kind, width])).toEqual([
      ["glyph", 0],
      ["space", 1],
      ["space", 0],
      ["glyph", 0],
    ]);
    expect(notes).toEqual(["'漢' (U+6F22) at line 1, column 3 left out"]);
  });

  it("names a few of many, and says how many more", () => {
    expect(read("漢字仮名交文章", charset(), "box").notes.at(-1)).toBe("and 2 more characters drawn as a box");
  });

  it("refuses what leaves no ink", () => {
    expect(() => read(" \n", charset(), "box")).toThrow("nothing to write");
  });
});

describe("words", () => {
  const script = (text: string) => split(read(text, charset(), "box").items, SIGNS.breakAfter);

  it("give the second copy of a word noise of its own, and the first the same wherever it stands", () => {
    const [once, twice] = [script("ab"), script("c ab ab")];
    expect(twice.glyphs.map(({ place }) => place)).toContain(once.glyphs[0].place);
    expect(new Set(twice.glyphs.map(({ place }) => place)).size).toBe(5);
  });

  it("may break after a hyphen, but not after a single letter, nor at a blank that holds", () => {
    expect(script("ab-c").glyphs.map(({ breakable }) => breakable)).toEqual([true, false, false, true]);
    expect(
      script("a-c")
        .glyphs.map(({ breakable, weak }) => [breakable, weak])
        .at(-1),
    ).toEqual([false, true]);
    expect(script("a\u00a0b c").glyphs.map(({ breakable }) => breakable)).toEqual([true, false, true]);
  });

  it("get hyphens between their letters only where asked", () => {
    const plainly = script("abc ab");
    expect(hyphenate(plainly, new Set([0]), [plain("-")], SIGNS).glyphs.map(({ optional }) => optional)).toEqual([
      false,
      true,
      false,
      true,
      false,
      false,
      false,
    ]);
    expect(hyphenate(plainly, new Set(), [plain("-")], SIGNS)).toBe(plainly);
  });
});
