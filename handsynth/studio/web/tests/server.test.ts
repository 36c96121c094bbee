import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EngineError, type HandFile } from "../src/engine";
import { notesOf, ServerEngine, sizeOf } from "../src/engine/server";
import { USUAL } from "../src/state";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 1, 0, 0, 0, 0, 40]);
const MINE: HandFile = { handsynth_hand: 2, name: "me" };

type Call = { url: string; how: RequestInit; body: Record<string, any> };
let calls: Call[] = [];
let answers: (() => Response)[] = [];

const picture = (headers: Record<string, string> = {}) => () =>
  new Response(PNG, { headers: { "Content-Type": "image/png", ...headers } });
const problem = (status: number, detail: string) => () =>
  new Response(JSON.stringify({ title: "No", status, detail }), { status, headers: { "Content-Type": "application/problem+json" } });

beforeEach(() => {
  calls = [];
  answers = [];
  vi.stubGlobal("fetch", async (url: string, how: RequestInit) => {
    how.signal?.throwIfAborted();
    calls.push({ url, how, body: typeof how.body === "string" ? JSON.parse(how.body) : {} });
    return (answers.shift() ?? picture())();
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const engine = (token = "") => new ServerEngine(() => MINE, token);
const signal = () => new AbortController().signal;

describe("the server's engine", () => {
  it("draws a line with all its dials", async () => {
    const drawn = await engine().draw({ ...USUAL, text: "Hi", wrap: 0, lineSpacing: 1.5, slant: 0.1, pen: "felt" }, 1, signal());
    expect(drawn).toMatchObject({ width: 256, height: 40, notes: [] });
    expect(calls[0].url).toBe("v1/render");
    expect(calls[0].body).toMatchObject({ text: "Hi", line_spacing: 1.5, slant: 0.1, pen: "felt", missing: "box", format: "png" });
    expect(calls[0].body).not.toHaveProperty("wrap");
  });

  it("draws one page, and says whether it is the last", async () => {
    answers = [picture({ "Handsynth-Last-Page": "false", "Handsynth-Notes": '["caf\\u00e9"]' })];
    const drawn = await engine().draw({ ...USUAL, view: "page", slips: 2, pageSize: 3 }, 2, signal());
    expect(drawn).toMatchObject({ lastPage: false, notes: ["café"] });
    expect(calls[0].url).toBe("v1/page");
    expect(calls[0].body).toMatchObject({ page: 2, style: { person: { slips: 2 }, text: { size: "3mm" } } });
  });

  it("sends a hand of this browser, and blends it", async () => {
    await engine().draw({ ...USUAL, hand: "own:x", blend: "Fern", share: 0.25 }, 1, signal());
    expect(calls[0].body.hand).toEqual({ blend: [MINE, "Fern"], share: 0.25 });
  });

  it("asks for samples by address, so that they are kept", async () => {
    await engine().sample("Fern", "Fern & co", signal());
    expect(calls[0].how.method ?? "GET").toBe("GET");
    expect(new URLSearchParams(calls[0].url.split("?")[1]).get("text")).toBe("Fern & co");
  });

  it("names a file by what it is", async () => {
    answers = [() => new Response("x", { headers: { "Content-Type": "application/zip" } })];
    const found = await engine().file({ ...USUAL, family: "My Hand" }, "bdf", signal());
    expect(found.name).toBe("MyHand.zip");
    expect(calls[0].body).toMatchObject({ format: "bdf", family: "My Hand", sizes: [32], legibility: 4 });
  });

  it("brings the token", async () => {
    await engine("sesame").draw(USUAL, 1, signal());
    expect(new Headers(calls[0].how.headers).get("Authorization")).toBe("Bearer sesame");
  });

  it("says what the server says", async () => {
    answers = [problem(422, "the text is too long")];
    await expect(engine().draw(USUAL, 1, signal())).rejects.toMatchObject({ message: "the text is too long", status: 422 });
  });

  it("says something where a proxy answers with a page", async () => {
    answers = [() => new Response("<h1>Bad gateway</h1>", { status: 502 })];
    await expect(engine().draw(USUAL, 1, signal())).rejects.toThrow(/error \(502\)/);
  });

  it("says that nothing answers", async () => {
    answers = [() => { throw new TypeError("failed"); }];
    await expect(engine().draw(USUAL, 1, signal())).rejects.toThrow(/does not answer/);
  });

  it("asks a busy server again", async () => {
    answers = [problem(429, "later"), problem(503, "later"), picture()];
    await engine().draw(USUAL, 1, signal());
    expect(calls).toHaveLength(3);
  });

  it("gives up a busy server in the end", async () => {
    vi.useFakeTimers();
    answers = Array.from({ length: 9 }, () => problem(503, "too much to do"));
    const asked = expect(engine().draw(USUAL, 1, signal())).rejects.toThrow("too much to do");
    await vi.runAllTimersAsync();
    await asked;
    expect(calls).toHaveLength(5);
  });

  it("stops waiting for a busy server when told so", async () => {
    const controller = new AbortController();
    answers = [problem(429, "later")];
    const asked = engine().draw(USUAL, 1, controller.signal);
    setTimeout(() => controller.abort(), 20);
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
    expect(calls).toHaveLength(1);
  });

  it("knows no other format", async () => {
    await expect(engine().file(USUAL, "exe", signal())).rejects.toBeInstanceOf(EngineError);
  });
});

describe("what an answer holds", () => {
  it("is no picture unless it begins as a PNG", async () => {
    await expect(sizeOf(new Blob(["<svg/>"]))).rejects.toThrow("no picture");
  });

  it("has notes, or none where they are damaged", () => {
    expect(notesOf(new Response("", { headers: { "Handsynth-Notes": "{oops" } }))).toEqual([]);
    expect(notesOf(new Response("", { headers: { "Handsynth-Notes": '["a"]' } }))).toEqual(["a"]);
  });
});
