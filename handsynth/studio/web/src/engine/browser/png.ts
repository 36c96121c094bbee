/** A picture of one ink on one paper as a PNG file (PNG specification, third edition), by a palette. */

import type { Palette } from "./raster";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Palette numbers `pixels` [height * width]; `texts` are said in text chunks; `dpi` is the resolution. */
export async function png(
  pixels: Uint8Array,
  width: number,
  height: number,
  palette: Palette,
  texts: Record<string, string>,
  dpi: number,
): Promise<Blob> {
  const rows = new Uint8Array(height * (width + 1));
  // every row begins with its filter: none
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([8, 3, 0, 0, 0], 8);
  const density = new Uint8Array(9);
  for (const at of [0, 4]) new DataView(density.buffer).setUint32(at, Math.round(dpi / 0.0254));
  density[8] = 1;
  const colours = Uint8Array.from(palette.flatMap(([red, green, blue]) => [red, green, blue]));
  const alphas = Uint8Array.from(palette, (colour) => colour[3]);
  return new Blob(
    [
      Uint8Array.from(SIGNATURE),
      chunk("IHDR", head),
      ...Object.entries(texts).map(([key, value]) => international(key, value)),
      chunk("pHYs", density),
      chunk("PLTE", colours),
      ...(alphas.some((alpha) => alpha < 255) ? [chunk("tRNS", alphas)] : []),
      chunk("IDAT", await deflated(rows)),
      chunk("IEND", new Uint8Array()),
    ],
    { type: "image/png" },
  );
}

/** Section 11.3.3.4: text in UTF-8, not compressed. */
function international(key: string, value: string): Uint8Array<ArrayBuffer> {
  return chunk("iTXt", new TextEncoder().encode(`${key}\0\0\0\0\0${value.replaceAll("\0", "\ufffd")}`));
}

function chunk(kind: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(data.length + 12);
  const view = new DataView(result.buffer);
  view.setUint32(0, data.length);
  result.set(
    Uint8Array.from(kind, (char) => char.charCodeAt(0)),
    4,
  );
  result.set(data, 8);
  view.setUint32(data.length + 8, crc(result.subarray(4, data.length + 8)));
  return result;
}

async function deflated(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([data]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? 0xedb88320 ^ (byte >>> 1) : byte >>> 1;
  return byte;
});

/** Annex D of the specification. */
export function crc(data: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of data) value = CRC[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
