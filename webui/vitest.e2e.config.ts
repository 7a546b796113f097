import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["e2e/**/*.e2e.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Inside tests vitest overwrites BASE_URL with Vite's base path.
    env: { SERVER_URL: process.env.BASE_URL ?? "" },
  },
});
