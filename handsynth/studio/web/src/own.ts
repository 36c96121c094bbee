/** Hands that were learnt: they are kept in this browser, and nowhere else. */

import { EngineError, type HandFile } from "./engine";

const DATABASE = "handsynth";
const TABLE = "hands";

export interface Kept {
  /** "own:ID", as the state has it. */
  id: string;
  name: string;
  hand: HandFile;
}

export class OwnHands {
  private readonly hands = new Map<string, Kept>();
  private readonly listeners: (() => void)[] = [];
  /** Whether they outlast this visit. */
  lasting = true;

  /** Read what was kept. Where the browser keeps nothing, hands last as long as the page. */
  async open(): Promise<void> {
    try {
      for (const kept of await run<Kept[]>("readonly", (table) => table.getAll())) this.hands.set(kept.id, kept);
    } catch {
      this.lasting = false;
    }
  }

  get list(): Kept[] {
    return [...this.hands.values()];
  }

  nameOf(id: string): string {
    return this.hands.get(id)?.name ?? "a hand that is not here";
  }

  /** What its .hand file holds. Throws an EngineError if it is not kept here. */
  file(id: string): HandFile {
    const kept = this.hands.get(id);
    if (kept) return { ...kept.hand, name: kept.name };
    throw new EngineError(
      "This hand was learnt in another browser and is not here; choose another hand, or drop in its .hand file.",
    );
  }

  async add(hand: HandFile): Promise<Kept> {
    const name = String(hand.name ?? "").slice(0, 60) || "My hand";
    const id = `own:${[...crypto.getRandomValues(new Uint32Array(2))].map((part) => part.toString(36)).join("")}`;
    const kept = { id, name, hand };
    await this.keep(kept);
    return kept;
  }

  async rename(id: string, name: string): Promise<void> {
    const kept = this.hands.get(id);
    if (kept && name.trim()) await this.keep({ ...kept, name: name.trim().slice(0, 60) });
  }

  /** Put a changed hand in the place of one that is kept. */
  async replace(id: string, hand: HandFile): Promise<void> {
    const kept = this.hands.get(id);
    if (kept) await this.keep({ ...kept, hand });
  }

  async remove(id: string): Promise<void> {
    this.hands.delete(id);
    if (this.lasting) await run("readwrite", (table) => table.delete(id)).catch(() => undefined);
    this.tell();
  }

  watch(listener: () => void): void {
    this.listeners.push(listener);
  }

  private async keep(kept: Kept): Promise<void> {
    this.hands.set(kept.id, kept);
    if (this.lasting) await run("readwrite", (table) => table.put(kept)).catch(() => (this.lasting = false));
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** One request of the database, which is made if it is not there. */
async function run<T>(mode: IDBTransactionMode, request: (table: IDBObjectStore) => IDBRequest): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE, { keyPath: "id" });
  const database = (await settled(opening)) as IDBDatabase;
  try {
    return (await settled(request(database.transaction(TABLE, mode).objectStore(TABLE)))) as T;
  } finally {
    database.close();
  }
}

function settled(request: IDBRequest): Promise<unknown> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}
