/// <reference types="vitest/config" />
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const api = process.env.CDALAKE_API ?? "http://127.0.0.1:8000";

const VENDOR =
  /node_modules\/(react|react-dom|scheduler|use-sync-external-store|clsx|tailwind-merge|class-variance-authority|@tanstack\/(react-router|router-core|history|store|react-store|react-query|query-core))\//;

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: [
      { find: "@", replacement: here("./src") },
      // React has what the shim is for.
      {
        find: "use-sync-external-store/shim/with-selector",
        replacement: "use-sync-external-store/with-selector",
      },
      // Two kilobytes of every first visit that nothing calls.
      { find: /^.*\/serverSentEvents\.gen$/, replacement: here("./src/api/no-streams.ts") },
    ],
  },
  build: {
    outDir: "../src/cdalake/ui/dist",
    emptyOutDir: true,
    manifest: true,
    // light-dark() stays as written: every browser since mid 2024 knows it.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Few parts, so that all of a page travel at once: a browser has six lines to a server.
          groups: [
            // An upgrade of ours does not change it; together they compress better too.
            { name: "vendor", test: VENDOR, priority: 3 },
            { name: "shell", tags: ["$initial"], priority: 2 },
            { name: "parts", minShareCount: 6, priority: 1 },
            // A few hundred bytes each: one by one they would wait in line for longer than they travel.
            { name: "icons", test: /node_modules\/lucide-react\//, priority: 0 },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    port: Number(process.env.CDALAKE_WEB_PORT ?? 5173),
    strictPort: true,
    proxy: Object.fromEntries(
      ["/api", "/health", "/docs", "/openapi.json"].map((path) => [
        path,
        { target: api, changeOrigin: false },
      ]),
    ),
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // Only a test that hangs: a busy machine is slower than this one.
    testTimeout: 30_000,
  },
});
