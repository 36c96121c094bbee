import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { fontCommand, pictureCommand, quoted, stem } from "../src/command";
import type { State } from "../src/engine";
import { USUAL } from "../src/state";

const fileOf = (hand: string) => (hand === "" ? "Quill" : "me.hand");
const line = (part: Partial<State> = {}, boxed = false) => pictureCommand({ ...USUAL, ...part }, "png", boxed, fileOf);

/** What a POSIX shell makes of a command: the arguments of each `handsynth`, and what it reads. */
function run(command: string): { args: string[]; read: string }[] {
  const shell = `handsynth() { printf '%s\\0' "$@"; printf '\\001'; [ "$2" = - ] && cat; printf '\\002'; }\n${command}`;
  const said = execFileSync("sh", ["-c", shell], { encoding: "utf8", input: "" });
  return said
    .split("\u0002")
    .slice(0, -1)
    .map((part) => {
      const [args, read] = part.split("\u0001");
      return { args: args.split("\0").slice(0, -1), read };
    });
}

describe("quoting", () => {
  it.each(["plain", "", "two words", "it's", "''", "$HOME `id` \\ \"x\" !", "a\nb", "--x", "*?[a]", "é🙂", "~", "#", "%s"])(
    "gives a shell %j back",
    (word) => {
      expect(execFileSync("sh", ["-c", `printf %s ${quoted(word)}`], { encoding: "utf8" })).toBe(word);
    },
  );
});

describe("the command of a line", () => {
  it("is short where all is as usual", () => {
    expect(line({ wrap: 0, ink: "#000000" })).toBe("handsynth render 'No two letters are alike.' -o line.png");
  });

  it("says each option that is not the command's own default", () => {
    const [{ args }] = run(line({
      hand: "Fern", seed: 7, size: 30, wrap: 600, ink: "#1a3aa8", paperColour: "transparent", temperature: 1, variation: 0.5,
      legibility: 4, slant: -0.1, pen: "nib", letterSpacing: 1.2, wordSpacing: 0.8, lineSpacing: 1.5, wander: 0, originals: "never",
    }, true));
    expect(args.join(" ")).toBe(
      "render No two letters are alike. -o line.png --hand Fern --seed 7 --size 30px --wrap 600px --ink #1a3aa8 " +
        "--paper-colour transparent --temperature 1 --variation 0.5 --legibility 4 --slant=-0.1 --pen nib --letter-spacing 1.2 " +
        "--word-spacing 0.8 --line-spacing 1.5 --wander 0 --originals never --missing box",
    );
  });

  it("wraps only what may be too long", () => {
    expect(line({ text: "short" })).not.toContain("--wrap");
    expect(line({ text: "short", letterSpacing: 3, size: 60 })).toContain("--wrap 900px");
    expect(line({ text: "short\n" + "long ".repeat(20) })).toContain("--wrap 900px");
    expect(line({ text: "long ".repeat(20), wrap: 0 })).not.toContain("--wrap");
    expect(line({ text: "long ".repeat(20), wrap: 20, size: 100 })).toContain("--wrap 300px");
  });

  it.each(["it's $(id) \"here\"", "two\nlines", "%s %d \\n", "a; rm -rf /"])("hands on the text %j", (text) => {
    expect(run(line({ text }))[0].args[1]).toBe(text);
  });

  it("says that a text like an option is a text", () => {
    const [{ args }] = run(line({ text: "--help" }));
    expect(args.slice(-2)).toEqual(["--", "--help"]);
  });

  it("writes a dash, which else means standard input", () => {
    const [{ args, read }] = run(line({ text: "-" }));
    expect(args[1]).toBe("-");
    expect(read).toBe("-");
  });

  it("blends hands first", () => {
    const made = run(line({ hand: "", blend: "own:x", share: 0.3 }));
    expect(made[0].args).toEqual(["hand", "blend", "Quill", "me.hand", "0.3", "-o", "mixed.hand"]);
    expect(made[1].args).toContain("mixed.hand");
  });

  it("names the file of a hand that was learnt", () => {
    expect(line({ hand: "own:x" })).toContain("--hand me.hand");
  });
});

describe("the command of a page", () => {
  const page = (part: Partial<State> = {}) => pictureCommand({ ...USUAL, view: "page", ...part }, "pdf", false, fileOf);

  it.each(["Dear Ada,\n\nit's 100 % $HOME\\n", "-x", "\n"])("pipes the text %j", (text) => {
    const [{ args, read }] = run(page({ text }));
    expect(read).toBe(text);
    expect(args.slice(0, 4)).toEqual(["page", "-", "-o", "page.pdf"]);
  });

  it("sets dials that have no option of their own", () => {
    const made = page({ slips: 2, personInk: 0, wander: 2, markdown: true, lineSpacing: 1.1, pageSize: 2.5, paperColour: "#fffdf2" });
    const settings = ["text.format=markdown", "text.line_spacing=1.1", "person.wander=2", "person.ink=0", "person.slips=2"];
    for (const setting of settings) expect(made).toContain(`--set ${setting}`);
    expect(made).toContain("--size 2.5mm");
    expect(made).toContain("--set 'paper.colour=#fffdf2'");
  });

  it("says nothing of what a line alone has", () => {
    expect(page({ size: 80, wrap: 200 })).not.toMatch(/80px|wrap/);
  });
});

describe("the command of a font", () => {
  it("names family and file", () => {
    const [{ args }] = run(fontCommand({ ...USUAL, family: "It's Mine", sizes: 24, variants: 3 }, "bdf", "Quill", fileOf));
    expect(args).toEqual(["font", "-o", "ItsMine.bdf", "--family", "It's Mine", "--variants", "3", "--sizes", "24"]);
  });

  it("leaves the pixels to formats of pixels", () => {
    expect(fontCommand({ ...USUAL, sizes: 24 }, "ttf", "Quill", fileOf)).toBe("handsynth font -o Quill.ttf");
  });
});

describe("a file's stem", () => {
  it.each([["My hand 1", "Myhand1"], ["../../x", "x"], ["日本", "hand"], ["Élan", "Elan"]])("of %s is %s", (name, file) => {
    expect(stem(name)).toBe(file);
  });
});
