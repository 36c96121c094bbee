/** The engine of the installed studio: its HTTP API, under v1/. */

import DIALS from "../dials.json";
import { endingOf, fontLegibility, isBitmap, sheetColour, sheetName, stem, wrapOf } from "../command";
import {
  type About,
  type Drawn,
  type Engine,
  EngineError,
  type Format,
  type HandFile,
  type HeldLetter,
  type Learnt,
  type Moving,
  type State,
} from "../engine";
import { type Movement, movementIn } from "../movement";
import { paperOf } from "../paper";

/** What the API takes for a hand. */
export type HandWord = string | HandFile | { blend: [HandWord, HandWord]; share: number };

/** The file of a hand that this browser keeps under "own:ID". Throws an EngineError if there is none. */
export type Own = (hand: string) => HandFile;

/** Those that are seen being written, as far as the server makes them. */
const MOVING: Format[] = [
  { id: "moving-svg", label: "SVG", kind: "movement" },
  { id: "gif", label: "GIF", kind: "movement" },
  { id: "webp", label: "WebP", kind: "movement" },
  { id: "mp4", label: "MP4", kind: "movement" },
];

const FORMATS: Format[] = [
  { id: "png", label: "PNG", kind: "picture" },
  { id: "svg", label: "SVG", kind: "picture" },
  { id: "pdf", label: "PDF", kind: "picture" },
  { id: "ttf", label: "TTF", kind: "font" },
  { id: "woff2", label: "WOFF2", kind: "font" },
  { id: "bdf", label: "BDF", kind: "font" },
  { id: "fnt", label: "BMFont", kind: "font" },
];

/** A busy server says 429 or 503: ask again so often, after so many ms. */
const PATIENCE = [150, 400, 1000, 2000];

export class ServerEngine implements Engine {
  readonly kind = "server";
  readonly formats = [...FORMATS];

  constructor(
    private readonly own: Own,
    private readonly token = "",
    private readonly base = "v1/",
  ) {}

  async about(): Promise<About> {
    const found = (await (await this.ask("about", {})).json()) as Said;
    const able = found.formats?.render ?? [];
    this.formats.splice(FORMATS.length, Infinity, ...MOVING.filter(({ id }) => able.includes(endingOf(id))));
    return { ...found, model: found.model.name };
  }

  async draw(state: State, page: number, signal: AbortSignal): Promise<Drawn> {
    const answer =
      state.view === "page"
        ? await this.post("page", { ...this.pageBody(state), page, format: "png" }, signal)
        : await this.post("render", { ...this.lineBody(state), format: "png" }, signal);
    const image = await answer.blob();
    const { width, height } = await sizeOf(image);
    const last = answer.headers.get("Handsynth-Last-Page");
    return { image, width, height, notes: notesOf(answer), lastPage: last === null ? undefined : last === "true" };
  }

  async movement(state: State, page: number, signal: AbortSignal, words?: string[]): Promise<Movement> {
    const body = this.pageBody(state);
    const output = { ...body.style.output, embed_text: true };
    const answer =
      state.view === "page"
        ? await this.post("page", { ...body, style: { ...body.style, output }, page, words, format: "json" }, signal)
        : await this.post("render", { ...this.lineBody(state), format: "json" }, signal);
    return movementIn(await answer.json());
  }

  async below(state: State, page: number, signal: AbortSignal): Promise<Blob | string | null> {
    if (state.view === "line") return state.paperColour === "transparent" ? null : state.paperColour;
    return (await this.post("page", { ...this.pageBody(state), page, words: [], format: "png" }, signal)).blob();
  }

  async sample(hand: string, text: string, signal: AbortSignal): Promise<Blob> {
    const usual = { text, size: 22, ink: "#000000", paper_colour: "transparent", margin: 0.4, missing: "skip", format: "png" };
    if (hand.startsWith("own:")) {
      return (await this.post("render", { ...usual, hand: this.word(hand) }, signal)).blob();
    }
    // a GET, so that the browser keeps it
    const query = new URLSearchParams(Object.entries({ ...usual, hand }).map(([key, value]) => [key, String(value)]));
    return (await this.ask(`render?${query}`, { signal })).blob();
  }

  async file(state: State, format: string, signal: AbortSignal, moving?: Moving): Promise<{ name: string; blob: Blob }> {
    const kind = this.formats.find((entry) => entry.id === format)?.kind;
    if (!kind) throw new EngineError(`there is no format ${format}`);
    if (kind === "movement") return this.film(state, endingOf(format), moving ?? { page: 1, seconds: 0 }, signal);
    const [path, body, name] =
      kind === "font"
        ? ["font", this.fontBody(state, format), stem(state.family || "handwriting")]
        : state.view === "page"
          ? ["page", { ...this.pageBody(state), page: null, format }, "page"]
          : ["render", { ...this.lineBody(state), format }, "line"];
    const answer = await this.post(path as string, body as object, signal);
    const blob = await answer.blob();
    const ending = (answer.headers.get("Content-Type") ?? "").includes("zip") ? "zip" : format;
    return { name: `${name}.${ending}`, blob };
  }

  private async film(
    state: State,
    format: string,
    { page, seconds }: Moving,
    signal: AbortSignal,
  ): Promise<{ name: string; blob: Blob }> {
    const motion = { animate: true, ...(seconds ? { duration: seconds } : {}) };
    const body = this.pageBody(state);
    const answer =
      state.view === "page"
        ? await this.post("page", { ...body, style: { ...body.style, motion }, page, format }, signal)
        : await this.post("render", { ...this.lineBody(state), ...motion, format }, signal);
    return { name: `${state.view}.${format}`, blob: await answer.blob() };
  }

  async learn(form: FormData, signal: AbortSignal): Promise<Learnt> {
    return (await (await this.ask("learn", { method: "POST", body: form, signal })).json()) as Learnt;
  }

  async letters(hand: HandFile, signal: AbortSignal): Promise<HeldLetter[]> {
    return ((await (await this.post("letters", { hand }, signal)).json()) as { letters: HeldLetter[] }).letters;
  }

  async forget(hand: HandFile, chars: string, signal: AbortSignal): Promise<HandFile> {
    return ((await (await this.post("forget", { hand, chars }, signal)).json()) as { hand: HandFile }).hand;
  }

  async template(signal: AbortSignal): Promise<Blob> {
    return (await this.ask("template", { signal })).blob();
  }

  /** The body of v1/render, but for the format. */
  lineBody(state: State): object {
    return {
      text: state.text,
      hand: this.hand(state),
      seed: state.seed,
      temperature: state.temperature,
      variation: state.variation,
      joined: state.joined,
      legibility: state.legibility,
      size: state.size,
      ...(wrapOf(state) ? { wrap: wrapOf(state) } : {}),
      ink: state.ink,
      paper_colour: state.paperColour,
      slant: state.slant,
      ...penOf(state),
      letter_spacing: state.letterSpacing,
      word_spacing: state.wordSpacing,
      line_spacing: state.lineSpacing,
      wander: state.wander,
      originals: state.originals,
      missing: "box",
    };
  }

  /** The body of v1/page, but for page and format. */
  pageBody(state: State) {
    return {
      text: state.text,
      hand: this.hand(state),
      markdown: state.markdown,
      ...(state.background ? { background: paperOf(state.background).data } : {}),
      style: {
        writing: {
          seed: state.seed,
          temperature: state.temperature,
          variation: state.variation,
          joined: state.joined,
          slant: state.slant,
          pen: state.pen,
          legibility: state.legibility,
          missing: "box",
          originals: state.originals,
        },
        paper: { name: sheetName(state), colour: sheetColour(state), grain: state.grain },
        text: {
          size: state.pageSize ? `${state.pageSize}mm` : "",
          align: state.align,
          letter_spacing: state.letterSpacing,
          word_spacing: state.wordSpacing,
          line_spacing: state.lineSpacing,
        },
        person: {
          wander: state.wander,
          size: state.personSize,
          slant: state.personSlant,
          margin: state.personMargin,
          tiring: state.personTiring,
          pressure: state.personPressure,
          ink: state.personInk,
          pool: state.personPool,
          slips: state.slips,
        },
        output: { ink: state.ink, look: state.look },
      },
    };
  }

  private fontBody(state: State, format: string): object {
    return {
      hand: this.hand(state),
      format,
      family: state.family || DIALS.defaults.font.family,
      charset: state.charset,
      variants: state.variants,
      seed: state.seed,
      temperature: state.temperature,
      variation: state.variation,
      joined: state.joined,
      legibility: fontLegibility(state),
      slant: state.slant,
      ...penOf(state),
      originals: state.originals,
      ...(isBitmap(format) ? { sizes: [state.sizes] } : {}),
    };
  }

  private hand(state: State): HandWord {
    const first = this.word(state.hand);
    return state.blend ? { blend: [first, this.word(state.blend)], share: state.share } : first;
  }

  private word(hand: string): HandWord {
    return hand.startsWith("own:") ? this.own(hand) : hand;
  }

  private post(path: string, body: object, signal: AbortSignal): Promise<Response> {
    const headers = { "Content-Type": "application/json" };
    return this.ask(path, { method: "POST", headers, body: JSON.stringify(body), signal });
  }

  private async ask(path: string, how: RequestInit): Promise<Response> {
    const headers = new Headers(how.headers);
    if (this.token) headers.set("Authorization", `Bearer ${this.token}`);
    for (const wait of [...PATIENCE, null]) {
      const answer = await fetched(this.base + path, { ...how, headers });
      if (answer.ok) return answer;
      if (wait === null || ![429, 503].includes(answer.status)) throw await problem(answer);
      await slept(wait, how.signal);
    }
    throw new EngineError("the studio is busy; try again in a moment", 503);
  }
}

interface Said extends Omit<About, "model"> {
  model: { name: string };
  formats?: { render: string[] };
}

/** The kind of pen, where it is not the hand's own. */
function penOf({ pen }: State): { pen?: string } {
  return pen ? { pen } : {};
}

async function fetched(url: string, how: RequestInit): Promise<Response> {
  try {
    return await fetch(url, how);
  } catch (error) {
    if (how.signal?.aborted) throw error;
    throw new EngineError("The studio does not answer. Is `handsynth studio` still running?");
  }
}

function slept(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((done, failed) => {
    signal?.throwIfAborted();
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      failed(signal.reason);
    }, { once: true });
  });
}

/** What an answer that is no success says, in one line. */
async function problem(answer: Response): Promise<EngineError> {
  let said = "";
  try {
    const body = (await answer.json()) as { detail?: unknown; title?: unknown };
    said = [body.detail, body.title].find((text): text is string => typeof text === "string" && text !== "") ?? "";
  } catch {
    // not JSON: a proxy's page, perhaps
  }
  return new EngineError(said || `The studio answered with an error (${answer.status}).`, answer.status);
}

/** The header Handsynth-Notes: a JSON list, escaped so that it is ASCII. */
export function notesOf(answer: Response): string[] {
  try {
    const notes: unknown = JSON.parse(answer.headers.get("Handsynth-Notes") ?? "[]");
    return Array.isArray(notes) ? notes.map(String) : [];
  } catch {
    return [];
  }
}

/** Width and height of a PNG, from its header (section 11.2.2 of the PNG specification). */
export async function sizeOf(image: Blob): Promise<{ width: number; height: number }> {
  const head = new DataView(await image.slice(0, 24).arrayBuffer());
  if (head.byteLength < 24 || head.getUint32(0) !== 0x89504e47) throw new EngineError("the answer is no picture");
  return { width: head.getUint32(16), height: head.getUint32(20) };
}
