// The build: relative URLs, so that it works under any stage path, and file names with hashes, so that they never change.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const service = "http://127.0.0.1:8000";

export default defineConfig({
  base: "./",
  plugins: [react()],
  build: {
    outDir: "../chalicelib/console",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
  server: { proxy: { "/v1": service, "/local": service } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
