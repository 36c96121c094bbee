/** A page to pixels: ink laid on paper. handsynth/render/raster.py. */

import DIALS from "../../dials.json";
import { isField } from "./drawing";
import { tiles } from "./ink";
import type { Page } from "./layout";
import { type Picture, cover, fitted } from "./penink";
import { placed } from "./paths";
import { Refusal } from "./refusal";

export type Colour = [number, number, number, number];
/** The colour of each coverage, 0 … 255. */
export type Palette = Colour[];

const MAX_PIXELS = DIALS.defaults.line.maxPixels;
/** Least and greatest x-height, in px. */
const SIZES = DIALS.ranges.size;

/** The page with an x-height of so many px. Throws a Refusal if it is too large. */
export function painted(page: Page, xheight: number): Picture {
  if (!(xheight >= SIZES.least && xheight <= SIZES.most)) {
    const [least, most] = [SIZES.least, SIZES.most].map((size) => size.toLocaleString("en"));
    throw new Refusal(`the size is ${xheight} px; give an x-height of ${least} to ${most} px`);
  }
  const [width, height] = [page.width, page.height].map((length) => Math.max(1, Math.ceil(length * xheight - 1e-6)));
  if (width * height > MAX_PIXELS) {
    throw new Refusal(
      `the picture would have ${width.toLocaleString("en")} x ${height.toLocaleString("en")} pixels, more than the ` +
        `${MAX_PIXELS.toLocaleString("en")} allowed; give less text, a smaller size or another width`,
      413,
    );
  }
  const coverage = new Uint8Array(width * height);
  const picture = { width, height, coverage };
  for (const glyph of page.glyphs) {
    const { drawing } = glyph;
    if (isField(drawing)) continue;
    const fine = fitted(drawing, xheight / page.frame.xheight);
    cover(picture, placed(fine, glyph, page.frame, xheight));
  }
  for (const tile of tiles(page.glyphs, page.frame, xheight)) {
    const [left, right] = [Math.max(tile.left, 0), Math.min(tile.left + tile.width, width)];
    const bottom = Math.min(tile.top + tile.height, height);
    for (let y = Math.max(tile.top, 0); y < bottom; y++) {
      let from = (y - tile.top) * tile.width + left - tile.left;
      for (let x = left, at = y * width + left; x < right; x++, at++, from++) {
        // both cover at random: 1 - (1 - a)(1 - b), so that edges which meet leave no seam
        coverage[at] = 255 - Math.trunc(((255 - coverage[at]) * (255 - tile.data[from]) + 127) / 255);
      }
    }
  }
  return picture;
}

/** Ink over paper (Porter, Duff 1984) for each coverage, colours not premultiplied. */
export function palette(ink: Colour, paper: Colour): Palette {
  return Array.from({ length: 256 }, (_, covered) => {
    const over = ((covered / 255) * ink[3]) / 255;
    const under = ((1 - over) * paper[3]) / 255;
    const alpha = over + under;
    // where nothing is, the colour of the ink: enlarging such a picture must not grow a dark rim
    const mixed = [0, 1, 2].map((i) => (alpha > 0 ? (over * ink[i] + under * paper[i]) / alpha : ink[i]));
    return [...mixed, alpha * 255].map((value) => Math.floor(value + 0.5)) as Colour;
  });
}

/** A colour like #1a2b8c, #1a2b8c80, #fff or transparent. Throws a Refusal. */
export function colour(text: string, what: string): Colour {
  if (text.trim().toLowerCase() === "transparent") return [0, 0, 0, 0];
  const digits = /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text.trim())?.[1];
  if (!digits) throw new Refusal(`${what} '${text.slice(0, 30)}' is unknown; give a value like #1a2b8c`);
  const long = digits.length < 5 ? Array.from(digits, (digit) => digit + digit).join("") : digits;
  return [0, 2, 4, 6].map((at) => parseInt(long.slice(at, at + 2) || "ff", 16)) as Colour;
}

/** Ink and paper, which must differ. Throws a Refusal. */
export function colours(ink: string, paper: string): [Colour, Colour] {
  const [pen, ground] = [colour(ink, "ink"), colour(paper, "paper")];
  if (!pen[3]) throw new Refusal("the ink is transparent, so nothing would be visible; give it a colour");
  if (ground[3] === 255 && [0, 1, 2].every((i) => pen[i] === ground[i])) {
    throw new Refusal("ink and paper have the same colour, so nothing would be visible; change one of them");
  }
  return [pen, ground];
}
