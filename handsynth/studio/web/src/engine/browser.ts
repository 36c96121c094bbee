/** The engine of the static site: the model itself, in this browser. It draws lines; pages and fonts need Python. */

import DIALS from "../dials.json";
import { type About, type Drawn, type Engine, EngineError, type HandFile, type State } from "../engine";
import type { Movement } from "../movement";
import type { Job, Pictured, Sampled } from "./browser/renderer";
import type { Drawing } from "./browser/drawing";
import type { HandWord } from "./browser/hand";
import type { Stream } from "./browser/noise";
import type { Tables } from "./browser/tables";
import type { Answer, Calls, Request } from "./browser/worker";

/** The file of a hand that this browser keeps under "own:ID". Throws an EngineError if there is none. */
export type Own = (hand: string) => HandFile;

/** What a script of the page, or a person at the console, may use of the static site: `window.handsynth`. */
export interface Api {
  engine: Engine;
  /** A PNG, or an SVG, of any options of `handsynth.render`; those that are left out are as usual. */
  render(job: Partial<Job> & { text: string }, format?: "png" | "svg"): Promise<Blob>;
  /** Single characters: fields [H * H] (signed distance to the edge, frame px) or pen strokes, as the model draws. */
  drawings(what: Partial<Sampled> & { chars: string[] }): Promise<Drawing[]>;
  /** Random words and the normal numbers they make. */
  noise(
    seed: number | bigint,
    stream: Stream,
    place: bigint,
    size: number,
  ): Promise<{ words: Uint32Array; normals: Float32Array }>;
}

const { line: LINE, sample: SAMPLE } = DIALS.defaults;

/** As handsynth.render has it, but for what is missing. */
const USUAL: Omit<Job, "text"> = {
  hand: "",
  seed: LINE.seed,
  temperature: LINE.temperature,
  variation: LINE.variation,
  joined: LINE.joined,
  legibility: LINE.legibility,
  size: LINE.size,
  penWidth: null,
  slant: LINE.slant,
  ink: LINE.ink,
  paperColour: LINE.paperColour,
  wrap: LINE.wrap,
  letterSpacing: LINE.letterSpacing,
  wordSpacing: LINE.wordSpacing,
  lineSpacing: LINE.lineSpacing,
  wander: LINE.wander,
  margin: LINE.margin,
  missing: "box",
  originals: LINE.originals as State["originals"],
};

/** Opens the model beside the page; rejects with an EngineError where that cannot be. */
export async function open(own: Own = noneKept): Promise<Engine> {
  const engine = new BrowserEngine(own);
  await engine.about();
  (globalThis as { handsynth?: Api }).handsynth = engine.api;
  return engine;
}

class BrowserEngine implements Engine {
  readonly kind = "browser";
  readonly formats: Engine["formats"] = [
    { id: "png", label: "PNG", kind: "picture" },
    { id: "svg", label: "SVG", kind: "picture" },
  ];
  readonly api: Api = {
    engine: this,
    render: async (job, format = "png") => {
      const whole = { ...USUAL, ...job };
      return format === "svg"
        ? this.ask<Blob>("svg", { job: whole })
        : (await this.ask<Pictured>("png", { job: whole })).image;
    },
    drawings: (what) =>
      this.ask("drawings", { hand: "", ...SAMPLE, ...what }),
    noise: (seed, stream, place, size) => this.ask("noise", { seed, stream, place, size }),
  };
  private readonly worker: Worker;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private asked = 0;

  constructor(private readonly own: Own) {
    const base = new URL(".", document.baseURI).href;
    this.worker = new Worker(new URL("./browser/worker.ts", import.meta.url), { type: "module", name: base });
    this.worker.onmessage = ({ data }: MessageEvent<Answer>) => this.waiting.get(data.id)?.(data);
    this.worker.onerror = (event) => {
      const refused = `the model cannot be opened here: ${event.message || "its worker does not start"}`;
      for (const [id, told] of this.waiting) told({ id, refused, status: 0 });
    };
  }

  async about(): Promise<About> {
    const { version, name, charset, gallery, draws } = await this.ask<Tables>("tables", {});
    // only strokes can be seen being written
    if (draws !== "strokes") (this as Engine).movement = undefined;
    const hands = gallery.map(({ name, tags, description }) => ({ name, tags, description }));
    return { version, model: name, charset, hands };
  }

  async draw(state: State, _page: number, signal: AbortSignal): Promise<Drawn> {
    return this.ask<Pictured>("png", { job: this.job(state) }, signal);
  }

  async movement(state: State, _page: number, signal: AbortSignal): Promise<Movement> {
    const found = await this.ask<Movement | null>("movement", { job: this.job(state) }, signal);
    if (!found) throw new EngineError("this model draws no strokes, which could be seen being written", 422);
    return found;
  }

  async below(state: State): Promise<string | null> {
    return state.paperColour === "transparent" ? null : state.paperColour;
  }

  async sample(hand: string, text: string, signal: AbortSignal): Promise<Blob> {
    const small = { size: 22, margin: 0.4, paperColour: "transparent", missing: "skip" } as const;
    const job = { ...USUAL, ...small, text, hand: this.word(hand) };
    return (await this.ask<Pictured>("png", { job }, signal, true)).image;
  }

  async file(state: State, format: string, signal: AbortSignal): Promise<{ name: string; blob: Blob }> {
    const job = this.job(state);
    if (format === "svg") return { name: "line.svg", blob: await this.ask<Blob>("svg", { job }, signal) };
    if (format === "png") return { name: "line.png", blob: (await this.ask<Pictured>("png", { job }, signal)).image };
    throw new EngineError(`${format} files need the installed studio`, 422);
  }

  private job(state: State): Job {
    if (state.pen && state.pen !== "round") throw new EngineError(`a ${state.pen} needs the installed studio`, 422);
    const hand = this.word(state.hand);
    return {
      ...USUAL,
      text: state.text,
      hand: state.blend ? { blend: [hand, this.word(state.blend)], share: state.share } : hand,
      seed: state.seed,
      temperature: state.temperature,
      variation: state.variation,
      joined: state.joined,
      legibility: state.legibility,
      size: state.size,
      slant: state.slant,
      ink: state.ink,
      paperColour: state.paperColour,
      // a line holds a few letters, as in the installed studio
      wrap: state.wrap && Math.max(state.wrap, 3 * state.size),
      letterSpacing: state.letterSpacing,
      wordSpacing: state.wordSpacing,
      lineSpacing: state.lineSpacing,
      wander: state.wander,
      originals: state.originals,
    };
  }

  private word(hand: string): HandWord {
    return hand.startsWith("own:") ? this.own(hand) : hand;
  }

  private ask<T>(name: keyof Calls, what: object, signal?: AbortSignal, later = false): Promise<T> {
    const id = this.asked++;
    return new Promise<T>((done, failed) => {
      if (signal?.aborted) {
        failed(signal.reason);
        return;
      }
      const cancel = () => {
        this.send({ id, cancel: true });
        failed(signal?.reason);
      };
      signal?.addEventListener("abort", cancel, { once: true });
      this.waiting.set(id, (answer) => {
        this.waiting.delete(id);
        signal?.removeEventListener("abort", cancel);
        if ("result" in answer) done(answer.result as T);
        else if ("refused" in answer) failed(new EngineError(answer.refused, answer.status));
      });
      this.send({ id, name, what, later } as Request);
    });
  }

  private send(request: Request): void {
    this.worker.postMessage(request);
  }
}

function noneKept(hand: string): HandFile {
  throw new EngineError(`this browser keeps no hand ${hand}`);
}
