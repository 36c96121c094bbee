/** A picture of one's own paper to write on: it stays in this tab, and goes to the studio on this machine alone. */

import { EngineError } from "./engine";

/** Of a longer side, in px: more than a page is drawn with. */
const SIDE = 2000;
/** Bytes that a request has room for beside a text. */
const ROOM = 1_000_000;

export interface OwnPaper {
  /** "paper:NUMBER", as the state has it. */
  id: string;
  /** Of the file. */
  name: string;
  /** A JPEG, in base64. */
  data: string;
}

const held = new Map<string, OwnPaper>();

/** Throws an EngineError if it is not here (any more). */
export function paperOf(id: string): OwnPaper {
  const found = held.get(id);
  if (found) return found;
  throw new EngineError("The picture of your paper is not here any more; choose it again, or take it away under Sheet.");
}

export function paperName(id: string): string {
  return held.get(id)?.name ?? "paper.jpg";
}

/** Take a picture for paper. Rejects with an EngineError where it cannot be opened. */
export async function takePaper(file: File): Promise<OwnPaper> {
  const paper = { id: `paper:${held.size + 1}`, name: file.name || "paper.jpg", data: await shrunk(file) };
  held.set(paper.id, paper);
  return paper;
}

async function shrunk(file: File): Promise<string> {
  const picture = await createImageBitmap(file).catch(() => {
    throw new EngineError(`cannot open ${file.name} as a picture; save it as JPEG or PNG.`);
  });
  const canvas = document.createElement("canvas");
  for (let side = SIDE; ; side *= 0.8) {
    const k = Math.min(1, side / Math.max(picture.width, picture.height));
    [canvas.width, canvas.height] = [picture.width, picture.height].map((length) => Math.max(1, Math.round(length * k)));
    const paint = canvas.getContext("2d");
    if (!paint) throw new EngineError("This browser cannot open pictures.");
    // what a picture leaves open is white
    [paint.fillStyle, paint.imageSmoothingQuality] = ["#ffffff", "high"];
    paint.fillRect(0, 0, canvas.width, canvas.height);
    paint.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const data = canvas.toDataURL("image/jpeg", 0.88).replace(/^[^,]*,/, "");
    if (data.length < ROOM || side < 300) return data;
  }
}

/** The name of a sheet without rules of its own: those of the picture count. */
export function unruled(sheet: string): string {
  const parts = sheet.split("-").filter((part) => !["ruled", "margin", "squared", "dotted", "college", "wide"].includes(part));
  return parts.join("-") || sheet;
}
