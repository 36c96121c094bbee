/** The studio's page: opens an engine and puts the parts together. */

import { stem } from "./command";
import { type Engine, EngineError } from "./engine";
import { ServerEngine } from "./engine/server";
import { OwnHands } from "./own";
import { clean, parse, wrongly } from "./state";
import { takeToken, watchToken } from "./token";
import { byId, copy, messageOf } from "./ui/dom";
import { fonts } from "./ui/fonts";
import { Gallery } from "./ui/gallery";
import { address, keepHistory } from "./ui/history";
import { Live } from "./ui/live";
import { Learning } from "./ui/learning";
import { sections } from "./ui/sections";
import { seed } from "./ui/seed";
import { Stage } from "./ui/stage";
import { Store } from "./ui/store";
import { take } from "./ui/take";
import { theme } from "./ui/theme";

const kind = document.querySelector<HTMLMetaElement>('meta[name="handsynth-engine"]')?.content;

async function start(): Promise<void> {
  document.documentElement.dataset.engine = kind;
  theme();
  byId("skip").addEventListener("click", () => byId("text").focus());
  const own = new OwnHands();
  watchToken();
  const token = takeToken();
  await own.open();
  const engine = await opened(own, token);
  const about = await engine.about();

  const wrong: string[] = [];
  const store = new Store(parse(location.hash, wrong), engine.kind === "browser" ? { view: "line" } : {});
  const gallery = new Gallery(engine, store, about.hands, own);
  const fileOf = (hand: string) => (hand === "" ? gallery.nameOf("") : `${stem(own.nameOf(hand))}.hand`);
  const live = new Live(engine);
  const stage = new Stage(engine, store, (state) => gallery.named(state), live);
  own.watch(() => stage.later());

  words(store);
  views(store);
  seed(store);
  sections(store, engine.kind);
  take(engine, store, stage, live, fileOf);
  if (engine.kind === "server") {
    fonts(engine, store, (state) => gallery.named(state), fileOf);
    new Learning(engine, store, own);
  }
  byId("share").addEventListener("click", () => {
    const kept = [store.state.hand, store.state.blend].some((hand) => hand.startsWith("own:"));
    const said = kept ? "Link copied; your own hand stays in this browser" : "Link copied";
    void copy(new URL(address(store), location.href).href, said);
  });
  byId("colophon").textContent = `handsynth ${about.version}, model ${about.model}. What you make is yours.`;
  const told = (said: string) => (byId("amiss").textContent = said);
  keepHistory(store, told);
  told(wrongly(wrong));
}

async function opened(own: OwnHands, token: string): Promise<Engine> {
  const file = (hand: string) => own.file(hand);
  return kind === "browser" ? (await import("./engine/browser")).open(file) : new ServerEngine(file, token);
}

function words(store: Store): void {
  const text = byId<HTMLTextAreaElement>("text");
  text.addEventListener("input", () => store.set({ text: clean(text.value) }));
  store.watch((state, changed) => {
    if (changed.has("text") && clean(text.value) !== state.text) text.value = state.text;
  });
}

function views(store: Store): void {
  const radios = [...byId("views").querySelectorAll<HTMLInputElement>("input")];
  for (const radio of radios) {
    radio.addEventListener("change", () => store.set({ view: radio.value === "page" ? "page" : "line" }));
  }
  store.watch((state) => {
    byId("main").dataset.view = state.view;
    for (const radio of radios) radio.checked = radio.value === state.view;
  });
}

start().catch((error: unknown) => {
  const locked = error instanceof EngineError && error.status === 401;
  byId("trouble").textContent = locked
    ? "Open the studio by the address that it printed when it was started: it holds the token."
    : messageOf(error);
});
