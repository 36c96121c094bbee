import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** The WebAssembly of onnxruntime is no part of the page: pack_runtime.py packs it, the static site unpacks it. */
const runtimeApart: Plugin = {
  name: "runtime-apart",
  generateBundle(_options, bundle) {
    for (const name of Object.keys(bundle)) if (name.endsWith(".wasm")) delete bundle[name];
  },
};

// The built page is committed beside the sources, so that installing handsynth needs no node.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../page",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  plugins: [runtimeApart],
  worker: { format: "es", plugins: () => [runtimeApart] },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
