/** How each character is drawn with what a model has: the class Charset of handsynth/text/charset.py. */

import { clusters } from "./clusters";
import type { Piece, Tables } from "./tables";

/** One step of writing. `chance`: a line may break here; its pieces (a hyphen) are drawn only if it does. */
export interface Item {
  text: string;
  kind: "glyph" | "box" | "space" | "newline" | "chance";
  pieces: Piece[];
  /** Of a space, in word spaces. */
  width: number;
  /** A space at which no line may break. */
  holds: boolean;
}

export type Action = "" | "replaced" | "left out" | "drawn as a box";

export interface Resolved {
  items: Item[];
  action: Action;
  became: string;
}

const PLAIN: Piece = {
  char: "",
  scale: 1,
  dx: 0,
  dy: 0,
  angle: 0,
  wide: 1,
  anchor: "frame",
  cut: null,
  joined: false,
  width: null,
  height: null,
  side: 0,
  path: [],
  corners: false,
  fill: false,
};

export function plain(char: string): Piece {
  return { ...PLAIN, char };
}

export function item(text: string, kind: Item["kind"], pieces: Piece[] = []): Item {
  return { text, kind, pieces, width: 0, holds: false };
}

export class Charset {
  readonly newlines: Set<string>;
  private readonly known: Set<string>;
  private readonly invisible: Set<string>;
  private readonly resolved = new Map<string, Resolved>();

  constructor(
    charset: string[],
    private readonly signs: Tables["signs"],
  ) {
    this.known = new Set(charset);
    this.newlines = new Set(signs.newlines);
    this.invisible = new Set(signs.invisible);
  }

  /** Blanks and line ends take no marks. */
  readonly alone = (char: string): boolean => char in this.signs.spaces || this.newlines.has(char);

  /** Items, what was done and with what; all empty: missing. */
  resolve(cluster: string): Resolved {
    let found = this.resolved.get(cluster);
    if (!found) this.resolved.set(cluster, (found = this.work(cluster)));
    return found;
  }

  private work(cluster: string): Resolved {
    const { signs } = this;
    if (cluster in signs.spaces) return made([this.space(cluster)]);
    if (this.newlines.has(cluster)) return made([item(cluster, "newline")]);
    if (cluster === signs.softHyphen) return made([item(cluster, "chance", this.pieces("-") ?? [])]);
    if (cluster === signs.zeroSpace) return made([item(cluster, "chance")]);
    const bare = Array.from(cluster)
      .filter((char) => !this.invisible.has(char))
      .join("");
    if (!bare) return made([], "left out");
    const found = this.visible(bare, cluster);
    return found.items.length && bare !== cluster && !found.action ? made(found.items, "replaced", `'${bare}'`) : found;
  }

  private visible(bare: string, cluster: string): Resolved {
    const whole = bare.normalize("NFC");
    const pieces = this.pieces(whole);
    if (pieces) return made([item(cluster.normalize("NFC"), "glyph", pieces)]);
    for (const twin of [...(this.signs.twins[whole] ?? []), whole.normalize("NFKC")]) {
      const spelled = clusters(twin, this.alone).map((char) => this.spell(char, cluster));
      if (twin && twin !== whole && spelled.every((entry) => entry)) {
        return made(spelled as Item[], "replaced", `'${twin}'`);
      }
    }
    return made([]);
  }

  private spell(char: string, cluster: string): Item | null {
    if (char in this.signs.spaces) return this.space(char);
    const pieces = this.pieces(char);
    return pieces && item(cluster, "glyph", pieces);
  }

  /** The pieces that make a character with its marks, or null. Outside ASCII recipes go before what models learnt. */
  pieces(cluster: string): Piece[] | null {
    const whole = cluster.normalize("NFC");
    const known = this.known.has(whole);
    if (known && (whole <= "\u007f" || this.signs.learnt.includes(whole))) return [plain(whole)];
    return this.recipe(whole) ?? (known ? [plain(whole)] : null);
  }

  private recipe(whole: string): Piece[] | null {
    const parts = this.signs.signs[whole];
    if (parts?.every((piece) => this.known.has(piece.char))) return parts;
    if (whole in this.signs.spacingMarks) return this.mark(this.signs.spacingMarks[whole]);
    return this.accented(whole) ?? (Array.from(whole).length === 1 ? this.script(whole) : null);
  }

  private accented(whole: string): Piece[] | null {
    const letters = Array.from(whole.normalize("NFD"));
    if (letters.length < 2) return null;
    const drawn = letters.slice(1).map((mark) => this.mark(mark, letters[0]) ?? []);
    const dotless = drawn.flat().some((piece) => piece.anchor === "above");
    const stem = this.pieces((dotless && { i: "ı", j: "ȷ" }[letters[0]]) || letters[0]);
    if (!stem || !drawn.every((pieces) => pieces.length)) return this.longest(letters);
    return [...stem, ...stacked(drawn)];
  }

  /** The longest beginning that the model has, with its further marks one by one. */
  private longest(letters: string[]): Piece[] | null {
    for (let end = letters.length - 1; end > 0; end--) {
      const whole = letters.slice(0, end).join("").normalize("NFC");
      const drawn = letters.slice(end).map((mark) => this.mark(mark) ?? []);
      if (this.known.has(whole) && drawn.every((pieces) => pieces.length)) return [plain(whole), ...stacked(drawn)];
    }
    return null;
  }

  private mark(mark: string, base = ""): Piece[] | null {
    if (mark === "\u030c" && this.signs.tallCaron.includes(base)) mark = "\u0315";
    if (mark === "\u0327" && this.signs.commaBelow.includes(base)) mark = base === "g" ? "\u0312" : "\u0326";
    const pieces = this.signs.marks[mark] ?? [];
    return pieces.length && pieces.every((piece) => this.known.has(piece.char)) ? pieces : null;
  }

  /** Superscripts, subscripts, fractions and circled signs. */
  private script(char: string): Piece[] | null {
    const [tag, text] = this.signs.scripts[char] ?? ["", ""];
    const inner = Array.from(text);
    const drawn = inner.filter((c) => c !== "\u2044").map((c) => this.pieces(c) ?? []);
    if (!drawn.length || drawn.some((pieces) => !pieces.length)) return null;
    if (tag === "fraction" && inner.includes("\u2044") && this.known.has("/")) {
      const slash = inner.indexOf("\u2044");
      return [
        ...row(drawn.slice(0, slash), 0.55, -0.25 - 0.28 * slash, 0.72),
        { ...plain("/"), dy: -0.05 },
        ...row(drawn.slice(slash), 0.55, 0.25 + 0.28 * (drawn.length - slash), -0.05),
      ];
    }
    if (tag === "super" || tag === "sub") return row(drawn, 0.6, 0, tag === "super" ? 0.7 : -0.35);
    if (tag === "circle" && this.known.has("O") && drawn.length < 3) {
      return [{ ...plain("O"), scale: 1.2, wide: 1.25, dy: -0.15 }, ...row(drawn, 0.5, 0, 0.3)];
    }
    return null;
  }

  private space(char: string): Item {
    const { spaces, holding } = this.signs;
    return { ...item(char, "space"), width: spaces[char], holds: holding.includes(char) };
  }
}

function made(items: Item[], action: Action = "", became = ""): Resolved {
  return { items, action, became };
}

/** The pieces of marks on one letter; those after a horn stand where they would without it. */
function stacked(marks: Piece[][]): Piece[] {
  return marks.flatMap(([first, ...rest], i) => {
    const horned = i > 0 && marks[i - 1][0].anchor === "across";
    return [horned ? { ...first, joined: true } : first, ...rest];
  });
}

/** Characters side by side, smaller and lifted. */
function row(drawn: Piece[][], scale: number, centre: number, lift: number): Piece[] {
  const middle = (drawn.length - 1) / 2;
  return drawn.flatMap((pieces, i) =>
    pieces.map((piece) => smaller(piece, scale, centre + 0.55 * (i - middle), lift)),
  );
}

/** A piece of a smaller sign, shifted; one that is carried to other ink goes with that. */
function smaller(piece: Piece, scale: number, dx: number, dy: number): Piece {
  const small = { ...piece, scale: piece.scale * scale };
  const { anchor, width, height } = piece;
  if (anchor === "through") return small;
  small.dx *= scale;
  small.width = width && width * scale;
  small.height = height && height * scale;
  if (anchor === "across") return small;
  small.dy *= scale;
  if (anchor === "frame" || anchor === "at") small.dx += dx;
  if (["frame", "at", "after", "against"].includes(anchor)) small.dy += dy;
  return small;
}
