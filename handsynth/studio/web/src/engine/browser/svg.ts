/** A page as SVG 1.1: pen strokes as such, or the edge of the ink, found by marching squares; as smooth curves. */

import { contours } from "d3-contour";

import { isField } from "./drawing";
import { FAR, type Frame, pixelBox } from "./frame";
import { edged } from "./ink";
import type { Page, Placed } from "./layout";
import { type Paths, placed } from "./paths";
import type { Colour } from "./raster";
import { enlarged } from "./resample";
import { welded } from "./weld";

/** Times that the field is enlarged, and frame px around a glyph's ink: as handsynth/ink/contours.py does it. */
const [UP, PAD] = [2, 3];
/** Area in frame px² below which a contour is dropped. */
const SPECK = 0.3;
/** Points of a contour are no nearer than this, in frame px. */
const NEAREST = 0.6;
/** Units that an x-height has at least. */
const FINE = 1000;
const MM_PER_INCH = 25.4;

type Point = [number, number];

/** `xheight` in px at `dpi` says how large it is in mm; `facts` are kept in the file. */
export function svg(
  page: Page,
  xheight: number,
  dpi: number,
  ink: Colour,
  paper: Colour,
  facts: Record<string, string>,
): Blob {
  const mm = (xheight / dpi) * MM_PER_INCH;
  const unit = 10 ** Math.max(0, Math.ceil(Math.log10(FINE / mm))) * mm;
  const [wide, high] = [page.width, page.height].map((length) => Math.ceil(length * unit));
  const [width, height] = [page.width, page.height].map((length) => +(length * mm).toFixed(4));
  const ground = paper[3] ? `<path d="M0 0h${wide}v${high}H0z"${fill(paper)}/>\n` : "";
  const { frame } = page;
  let [shapes, strokes] = ["", ""];
  for (const { glyph } of welded(page.glyphs, page.ties, frame)) {
    const { drawing } = glyph;
    if (isField(drawing)) shapes += shapeOf(drawing, glyph, frame, unit);
    else strokes += strokesOf(placed(drawing, glyph, frame, unit));
  }
  const text =
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}mm" height="${height}mm" ` +
    `viewBox="0 0 ${wide} ${high}" role="img">\n<title>Handwriting</title>\n` +
    `<metadata>${escaped(JSON.stringify(facts))}</metadata>\n${ground}` +
    (shapes && `<g${fill(ink)} fill-rule="evenodd">\n${shapes}</g>\n`) +
    (strokes && `<g${pen(ink)}>\n${strokes}</g>\n`) +
    "</svg>\n";
  return new Blob([text], { type: "image/svg+xml" });
}

function shapeOf(field: Float32Array, { x, y, angle }: Placed, frame: Frame, unit: number): string {
  const k = unit / frame.xheight;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const rings = outline(field, frame).map((ring) =>
    path(
      ring.map(([column, row]): Point => {
        const [across, down] = [column - frame.size / 2, row - frame.baseline];
        return [x * unit + k * (across * cos + down * sin), y * unit + k * (down * cos - across * sin)];
      }),
    ),
  );
  return rings.length ? `<path d="${rings.join("")}"/>\n` : "";
}

/** Strokes of a pen, in units: the spline through their points in cubic curves. */
function strokesOf(paths: Paths): string {
  const data = paths.strokes.map((points) => {
    const last = points.length / 2 - 1;
    const at = (i: number): Point => [points[2 * i], points[2 * i + 1]];
    let [x, y] = at(0).map(Math.round);
    let line = `M${x} ${y}${last ? "c" : "h1"}`;
    const mirrored = ([a, b]: Point, [u, v]: Point): Point => [2 * a - u, 2 * b - v];
    for (let i = 0; i < last; i++) {
      const [p1, p2] = [at(i), at(i + 1)];
      const [p0, p3] = [i ? at(i - 1) : mirrored(p1, p2), i + 1 < last ? at(i + 2) : mirrored(p2, p1)];
      const first = p1.map((value, axis) => value + (p2[axis] - p0[axis]) / 6);
      const second = p2.map((value, axis) => value - (p3[axis] - p1[axis]) / 6);
      const [ax, ay, bx, by, endX, endY] = [...first, ...second, ...p2].map(Math.round);
      line += `${[ax - x, ay - y, bx - x, by - y, endX - x, endY - y].join(" ")} `;
      [x, y] = [endX, endY];
    }
    return line.trimEnd().replaceAll(" -", "-");
  });
  return data.length ? `<path d="${data.join("")}" stroke-width="${+paths.width.toFixed(2)}"/>\n` : "";
}

/** Closed contours of a glyph's ink in frame px, the first point not repeated. */
export function outline(field: Float32Array, frame: Frame): Point[][] {
  const box = pixelBox(field, frame.size, 0);
  if (!box) return [];
  const [left, top] = [box[0] - PAD, box[1] - PAD];
  const [width, height] = [box[2] - left + PAD, box[3] - top + PAD];
  const at = edged(field, frame.size);
  const part = Float32Array.from({ length: width * height }, (_, i) =>
    at(left + (i % width), top + Math.floor(i / width)),
  );
  const large = enlarged({ width, height, data: part }, UP);
  const values = Array.from(large.data, (value, i) => {
    const [column, row] = [i % large.width, Math.floor(i / large.width)];
    const border = !column || !row || column === large.width - 1 || row === large.height - 1;
    return border ? FAR : value;
  });
  const found = contours().size([large.width, large.height]).contour(values, 0);
  return found.coordinates
    .flat()
    .map((ring) => thinned(ring.slice(1).map(([x, y]): Point => [x / UP + left, y / UP + top])))
    .filter((ring) => Math.abs(area(ring)) >= SPECK);
}

/** Without the points that follow another too closely: marching squares makes many where it cuts a corner. */
function thinned(ring: Point[]): Point[] {
  let [x, y] = [Infinity, Infinity];
  return ring.filter((point) => {
    if (Math.hypot(point[0] - x, point[1] - y) < NEAREST) return false;
    [x, y] = point;
    return true;
  });
}

function area(ring: Point[]): number {
  return ring.reduce((sum, [x, y], i) => {
    const [u, v] = ring[(i + 1) % ring.length];
    return sum + (x * v - u * y) / 2;
  }, 0);
}

/** Path data of a closed quadratic B-spline: from middle to middle of the sides, with the corners as handles. */
function path(points: Point[]): string {
  const ring = points.map(([x, y]): Point => [Math.round(x), Math.round(y)]);
  const middle = (i: number): Point => {
    const [a, b] = [ring[i], ring[(i + 1) % ring.length]];
    return [Math.round((a[0] + b[0]) / 2), Math.round((a[1] + b[1]) / 2)];
  };
  let [x, y] = middle(ring.length - 1);
  let data = `M${x} ${y}q`;
  ring.forEach((corner, i) => {
    const end = middle(i);
    data += `${[corner[0] - x, corner[1] - y, end[0] - x, end[1] - y].join(" ")} `;
    [x, y] = end;
  });
  return `${data.trimEnd().replaceAll(" -", "-")}z`;
}

function fill(colour: Colour): string {
  return ` fill="${hex(colour)}"${colour[3] < 255 ? ` fill-opacity="${opacity(colour)}"` : ""}`;
}

/** Where strokes cross, thin ink is no darker: it is the whole that is seen through. */
function pen(colour: Colour): string {
  const thin = colour[3] < 255 ? ` opacity="${opacity(colour)}"` : "";
  return ` fill="none" stroke="${hex(colour)}"${thin} stroke-linecap="round" stroke-linejoin="round"`;
}

function hex(colour: Colour): string {
  const digits = colour.slice(0, 3).map((value) => value.toString(16).padStart(2, "0"));
  return `#${digits.join("")}`;
}

function opacity(colour: Colour): number {
  return +(colour[3] / 255).toFixed(4);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
