import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Put a packed file beside each that is worth it: the server has no Brotli of its own. */
function brotli(): Plugin {
  const pack = promisify(brotliCompress);
  return {
    name: "kodkod-brotli",
    apply: "build",
    async writeBundle({ dir: folder = "" }) {
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (!/\.(js|css|html|svg)$/.test(entry.name)) continue;
        const file = join(entry.parentPath, entry.name);
        const body = await readFile(file);
        const packed = await pack(body);
        if (packed.length < 0.9 * body.length) await writeFile(`${file}.br`, packed);
      }
    },
  };
}

export default defineConfig({
  base: "/",
  plugins: [react(), brotli()],
  resolve: { alias: { "@": path("./src") } },
  build: {
    outDir: path("../kernel/src/kodkod/web/static"),
    emptyOutDir: true,
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: {
      "/api": process.env.KODKOD_URL ?? "http://127.0.0.1:8400",
      "/auth": process.env.KODKOD_URL ?? "http://127.0.0.1:8400",
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["./vitest.setup.ts"],
  },
});
