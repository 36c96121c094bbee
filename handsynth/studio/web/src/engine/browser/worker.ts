/** The thread that holds the model, so that typing stays smooth. It answers each message with one of the same id. */

import { Renderer, type Job, type Sampled } from "./renderer";
import { type Stream, words } from "./noise";
import { Refusal } from "./refusal";

/** What is asked of the worker, by name. */
export interface Calls {
  tables: Record<string, never>;
  png: { job: Job };
  svg: { job: Job };
  movement: { job: Job };
  drawings: Sampled;
  noise: { seed: number | bigint; stream: Stream; place: bigint; size: number };
}

/** `later`: when nothing else waits. */
type Work = { id: number; later?: boolean } & { [Name in keyof Calls]: { name: Name; what: Calls[Name] } }[keyof Calls];
export type Request = Work | { id: number; cancel: true };

export type Answer = { id: number } & ({ result: unknown } | { refused: string; status: number } | { cancelled: true });

const scope = self as unknown as Worker;
const waiting: { request: Work; control: AbortController }[] = [];
let running: (typeof waiting)[number] | null = null;
// the folder of the site, since a worker's own address is that of its script
const renderer = Renderer.open(new URL(self.name).href);
renderer.catch(() => undefined); // told to whoever asks

scope.onmessage = ({ data }: MessageEvent<Request>) => {
  if ("cancel" in data) {
    for (const { request, control } of running ? [running, ...waiting] : waiting)
      if (request.id === data.id) control.abort();
    return;
  }
  waiting.push({ request: data, control: new AbortController() });
  if (!running) void work();
};

/** One thing after the other: what is not pressing when nothing else waits. */
async function work(): Promise<void> {
  while (waiting.length) {
    const pressing = waiting.findIndex(({ request }) => !request.later);
    [running] = waiting.splice(Math.max(pressing, 0), 1);
    const { request, control } = running;
    try {
      control.signal.throwIfAborted();
      answer({ id: request.id, result: await done(await renderer, request, control.signal) });
    } catch (error) {
      if (control.signal.aborted) answer({ id: request.id, cancelled: true });
      else if (error instanceof Refusal) answer({ id: request.id, refused: error.message, status: error.status });
      else answer({ id: request.id, refused: `the model cannot be used here: ${String(error)}`, status: 0 });
    }
  }
  running = null;
}

function done(renderer: Renderer, asked: Work, signal: AbortSignal): unknown {
  switch (asked.name) {
    case "tables": {
      const { version, name, charset, gallery, draws } = renderer.tables;
      return { version, name, charset, gallery, draws };
    }
    case "png":
      return renderer.png(asked.what.job, signal);
    case "svg":
      return renderer.svg(asked.what.job, signal);
    case "movement":
      return renderer.movement(asked.what.job, signal);
    case "drawings":
      return renderer.drawings(asked.what);
    case "noise": {
      const { seed, stream, place, size } = asked.what;
      const drawn = words(seed, stream, place, size);
      return { words: drawn, normals: renderer.normals.fromWords(drawn) };
    }
  }
}

function answer(message: Answer): void {
  scope.postMessage(message);
}
