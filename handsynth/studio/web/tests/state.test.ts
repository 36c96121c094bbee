import { describe, expect, it } from "vitest";
import { bounded, clean, format, MAX_TEXT, parse, RANGES, USUAL } from "../src/state";

describe("the state in the address", () => {
  it("is empty where all is as usual", () => {
    expect(format(USUAL)).toBe("");
    expect(parse("")).toEqual(USUAL);
  });

  it("comes back as it was", () => {
    const state = {
      ...USUAL,
      view: "page" as const,
      text: "a & b = c + d # e % f\n<i>é</i> „“ 🙂",
      hand: "random:7:0",
      blend: "own:a1b2",
      share: 0.35,
      seed: Number.MAX_SAFE_INTEGER,
      slant: -0.12,
      pen: "fountain" as const,
      paperColour: "transparent",
      markdown: true,
      family: "My Hand",
      charset: "ascii" as const,
    };
    expect(parse(`#${format(state)}`)).toEqual(state);
  });

  it("says only what differs", () => {
    expect(format({ ...USUAL, seed: 3, hand: "Fern" })).toBe("hand=Fern&seed=3");
  });

  it.each([
    ["seed=-1"], ["seed=1.5"], ["seed=1e9"], ["seed=99999999999999999"], ["seed="], ["seed=NaN"], ["size=7"],
    ["size=201"], ["slant=0.51"], ["slant=Infinity"], ["temperature=0x1"], ["variation=1.1"], ["legibility=2.5"], ["view=card"],
    ["hand=../../etc/passwd"], ["hand=<b>"], ["hand=random:1"], ["hand=own:UPPER"], ["ink=red"], ["ink=%23fff"],
    ["ink=url(x)"], ["paperColour=none"], ["paperName=A4 ruled"], ["align=middle"], ["markdown=1"], ["look=x"], ["share=2"],
    ["__proto__=1"], ["constructor=x"], ["toString=x"], ["unknown=1"], ["originals=often"], ["pen=quill"], ["charset=greek"],
  ])("takes no notice of %s", (fragment) => {
    expect(parse(fragment)).toEqual(USUAL);
  });

  it("keeps what is right beside what is wrong", () => {
    expect(parse("#seed=oops&hand=Fern&size=nan")).toEqual({ ...USUAL, hand: "Fern" });
  });

  it("reads what earlier addresses say of own letters", () => {
    expect(parse("#originals=mix&seed=5")).toEqual({ ...USUAL, seed: 5 });
    expect(parse("#originals=always").originals).toBe("always");
  });

  it("reads the names of earlier addresses", () => {
    const earlier = "view=page&paper=%23fffdf2&sheet=card-3x5&faultSize=2&faultSlips=3&pixels=24&lineHeight=1.5";
    const state = { ...USUAL, view: "page" as const, paperColour: "#fffdf2", paperName: "card-3x5", personSize: 2 };
    expect(parse(earlier)).toEqual({ ...state, slips: 3, sizes: 24, lineSpacing: 1.5 });
  });

  it("survives broken escapes", () => {
    expect(parse("#text=%E0%A4%A&seed=5").seed).toBe(5);
  });

  it("takes every bound itself", () => {
    for (const [dial, { least, most }] of Object.entries(RANGES)) {
      expect(parse(`${dial}=${least}`)).toMatchObject({ [dial]: least });
      expect(parse(`${dial}=${most}`)).toMatchObject({ [dial]: most });
    }
  });

  it("has usual values that its own checks let pass", () => {
    for (const [key, value] of Object.entries(USUAL)) {
      expect(parse(`${key}=${encodeURIComponent(String(value))}`)).toEqual(USUAL);
    }
  });
});

describe("text", () => {
  it("has new lines of one kind and no other control characters", () => {
    expect(clean("a\r\nb\rc\u0000\u0007\u001bd\te")).toBe("a\nb\ncd e");
  });

  it("loses halves of surrogate pairs and keeps whole ones", () => {
    expect(clean("\ud83da🙂\ude42")).toBe("a🙂");
  });

  it("is cut between characters", () => {
    expect([...clean("🙂".repeat(MAX_TEXT + 5))]).toHaveLength(MAX_TEXT);
  });
});

describe("a dial's value", () => {
  it("is kept within its bounds", () => {
    expect(bounded("slant", 9)).toBe(0.5);
    expect(bounded("seed", -4)).toBe(0);
    expect(bounded("legibility", 2.6)).toBe(3);
    expect(bounded("size", Number.NaN)).toBe(8);
    expect(bounded("temperature", 0.1 + 0.2)).toBe(0.3);
  });
});
