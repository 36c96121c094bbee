/** The state that the page shows, and who wants to know when it changes. */

import type { State } from "../engine";

export type Listener = (state: State, changed: Set<keyof State>) => void;

export class Store {
  private listeners: Listener[] = [];

  /** `fixed`: what stays as it is, whatever is asked for. */
  constructor(
    private current: State,
    private readonly fixed: Partial<State> = {},
  ) {
    this.current = { ...current, ...fixed };
  }

  get state(): State {
    return this.current;
  }

  /** Change some of it; tells all listeners, unless nothing is new. */
  set(part: Partial<State>): void {
    const next = { ...this.current, ...part, ...this.fixed };
    const keys = (Object.keys(next) as (keyof State)[]).filter((key) => next[key] !== this.current[key]);
    if (!keys.length) return;
    this.current = next;
    this.tell(new Set(keys));
  }

  /** Call `listener` now and at every change. */
  watch(listener: Listener): void {
    this.listeners.push(listener);
    listener(this.current, new Set(Object.keys(this.current) as (keyof State)[]));
  }

  private tell(changed: Set<keyof State>): void {
    for (const listener of this.listeners) listener(this.current, changed);
  }
}
