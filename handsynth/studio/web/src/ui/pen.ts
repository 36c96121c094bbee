/** A pen that uncovers a finished picture, stroke by stroke: what is still to be written is hidden by the bare sheet. */

import type { Movement, PenStroke } from "../movement";

/** px beside a stroke that are hidden with it: edges that are half inked, and ink that has bled. */
const [BESIDE, UNCOVERED] = [2, 3.5];
/** ms of rest before a stroke that does not follow what was written last. */
const REST = 160;

/** What lies below the writing: a picture, a colour, or nothing. */
export type Below = CanvasImageSource | string | null;

/** How much of a word is written, 0 … 1; of -1 what is no part of a word. */
export type Share = (word: number) => number;

/** A stroke, or the end of one, that is still to be written. */
interface Due {
  stroke: PenStroke;
  /** The point that it is written from. */
  from: number;
  /** ms on the pen's clock minus those of the movement. */
  delay: number;
}

export class Pen {
  private due: Due[] = [];
  private next = 0;
  /** ms of writing that are done. */
  private clock = 0;
  private end = 0;
  private frame = 0;
  private movement: Movement = { width: 1, strokes: [], words: null };
  /** ms of writing to one of the clock on the wall. */
  private pace = 1;
  /** Whether nothing lies below. */
  private clear = false;
  private readonly paint: CanvasRenderingContext2D;

  /** `told` hears when it begins to write (true), and when all is written (false). */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly told: (writes: boolean) => void,
  ) {
    const paint = canvas.getContext("2d");
    if (!paint) throw new Error("this browser has no canvas");
    this.paint = paint;
  }

  get writes(): boolean {
    return this.frame !== 0;
  }

  /**
   * Write what `share` (of each word, 0 … 1) says is missing of a picture, or all of it where there is none; `pace` is
   * told how many ms that takes.
   *
   * The canvas becomes as wide as the movement's sheet. `done` must be decoded.
   */
  write(done: HTMLImageElement, below: Below, movement: Movement, share: Share | null, pace: (ms: number) => number): void {
    this.stop();
    this.clear = false;
    this.movement = movement;
    this.due = missing(movement, share ?? (() => 0));
    if (!this.due.length) return;
    const { canvas, paint } = this;
    const size: [number, number] = [movement.width, Math.round((done.naturalHeight / done.naturalWidth) * movement.width)];
    [canvas.width, canvas.height] = size;
    const ink = sized(done, size);
    paint.drawImage(ink, 0, 0);
    paint.lineCap = paint.lineJoin = "round";
    if (below === null) paint.globalCompositeOperation = "destination-out";
    paint.strokeStyle = paint.fillStyle = this.filled(typeof below === "object" && below ? sized(below, size) : (below ?? "black"));
    // all of it: also ink that has run far
    if (!share) paint.fillRect(0, 0, ...size);
    for (const { stroke, from } of this.due) this.line(stroke, from, stroke.x.length - 1, BESIDE);
    paint.globalCompositeOperation = "source-over";
    paint.strokeStyle = this.filled(ink);
    this.clear = below === null;
    const { stroke, delay } = this.due[this.due.length - 1];
    this.end = delay + stroke.t[stroke.t.length - 1];
    [this.next, this.clock, this.pace] = [0, 0, Math.max(pace(this.end), 0.01)];
    this.told(true);
    this.frame = requestAnimationFrame((now) => this.step(now, now));
  }

  /** Of each word the share that is on the paper, by its width: 1 where nothing is missing. */
  written(count: number): number[] {
    const result = new Array<number>(count).fill(1);
    if (!this.writes) return result;
    for (const [word, [left, right]] of edges(this.movement)) {
      let least = Infinity;
      for (const { stroke, from, delay } of this.due.slice(this.next)) {
        if (stroke.word !== word) continue;
        for (let i = from; i < stroke.x.length; i++) if (stroke.t[i] + delay > this.clock) least = Math.min(least, stroke.x[i]);
      }
      if (word < count && least < Infinity) result[word] = Math.max(0, (least - left) / Math.max(right - left, 1));
    }
    return result;
  }

  /** All is written at once. */
  stop(): void {
    if (!this.writes) return;
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.due = [];
    this.told(false);
  }

  private filled(what: CanvasImageSource | string): CanvasPattern | string {
    return typeof what === "string" ? what : (this.paint.createPattern(what, "no-repeat") ?? "black");
  }

  private step(before: number, now: number): void {
    const until = this.clock + (now - before) * this.pace;
    // a stroke is done when its end is; those after it have not begun
    for (let i = this.next; i < this.due.length; i++) {
      const { stroke, from, delay } = this.due[i];
      if (stroke.t[from] + delay > until) break;
      this.uncover(this.due[i], this.clock - delay, until - delay);
      if (stroke.t[stroke.t.length - 1] + delay <= until) this.next = i + 1;
    }
    this.clock = until;
    if (this.next === this.due.length) this.stop();
    else this.frame = requestAnimationFrame((later) => this.step(now, later));
  }

  /** The part of a stroke that is written from one moment of the movement to another. */
  private uncover({ stroke, from }: Due, begin: number, end: number): void {
    const { t } = stroke;
    let first = from;
    while (first + 1 < t.length && t[first + 1] <= begin) first++;
    let last = first;
    while (last < t.length - 1 && t[last] < end) last++;
    this.line(stroke, first, last, UNCOVERED, end);
  }

  /** A line along some of a stroke, up to where the pen is at `until`. */
  private line({ x, y, t, width }: PenStroke, first: number, last: number, beside: number, until = Infinity): void {
    const { paint } = this;
    paint.lineWidth = width + 2 * beside;
    paint.beginPath();
    paint.moveTo(x[first], y[first]);
    for (let i = first + 1; i <= last; i++) {
      const share = t[i] > until ? Math.max(0, (until - t[i - 1]) / (t[i] - t[i - 1])) : 1;
      paint.lineTo(x[i - 1] + share * (x[i] - x[i - 1]), y[i - 1] + share * (y[i] - y[i - 1]));
    }
    // a dot
    if (first === last) paint.lineTo(x[first] + 0.01, y[first]);
    if (this.clear) {
      // or half inked edges would grow darker each time that they are uncovered
      const ink = paint.strokeStyle;
      paint.globalCompositeOperation = "destination-out";
      paint.strokeStyle = "black";
      paint.stroke();
      paint.globalCompositeOperation = "lighter";
      paint.strokeStyle = ink;
    }
    paint.stroke();
  }
}

/** A picture at the size of the canvas: browsers do that better once than with every stroke. */
function sized(picture: CanvasImageSource, [width, height]: [number, number]): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const paint = canvas.getContext("2d");
  if (paint) {
    paint.imageSmoothingQuality = "high";
    paint.drawImage(picture, 0, 0, width, height);
  }
  return canvas;
}

/** Strokes that are still to be written, and when: rests between those that follow each other are as they were. */
function missing(movement: Movement, share: Share): Due[] {
  const words = edges(movement);
  const due: Due[] = [];
  let [clock, follows] = [0, false];
  movement.strokes.forEach((stroke, i) => {
    const { x, t } = stroke;
    const [left, right] = words.get(stroke.word) ?? [0, 0];
    const front = left + share(stroke.word) * (right - left);
    let from = 0;
    while (from < x.length && x[from] <= front) from++;
    // what lies all behind the front was written with it, also marks that wait for a word's end
    const whole = from === x.length;
    if (share(stroke.word) >= 1 || whole) {
      follows = false;
      return;
    }
    from = Math.max(0, from - 1);
    const before = movement.strokes[i - 1];
    if (follows) clock += Math.max(0, t[from] - before.t[before.t.length - 1]);
    else if (due.length) clock += REST;
    due.push({ stroke, from, delay: clock - t[from] });
    clock += t[t.length - 1] - t[from];
    follows = true;
  });
  return due;
}

/** Left and right of each word. */
function edges({ strokes }: Movement): Map<number, [number, number]> {
  const result = new Map<number, [number, number]>();
  for (const { word, x } of strokes) {
    let [left, right] = result.get(word) ?? [Infinity, -Infinity];
    for (let i = 0; i < x.length; i++) [left, right] = [Math.min(left, x[i]), Math.max(right, x[i])];
    result.set(word, [left, right]);
  }
  return result;
}
