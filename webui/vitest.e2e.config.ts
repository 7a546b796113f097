import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["e2e/**/*.e2e.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One browser at a time, and nobody else's jobs in the tray.
    fileParallelism: false,
    // Inside tests vitest overwrites BASE_URL with Vite's base path.
    env: { SERVER_URL: process.env.BASE_URL ?? "" },
  },
});
