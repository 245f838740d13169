import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: "./openapi.json",
  output: {
    path: "./src/api/generated",
    clean: true,
    // The generated runtime is not written for exactOptionalPropertyTypes; its types still count.
    header: ["// @ts-nocheck", "// Generated from openapi.json by `bun run gen`. Do not edit."],
  },
  plugins: [
    "@hey-api/typescript",
    "@hey-api/sdk",
    { name: "@hey-api/client-fetch", runtimeConfigPath: "./src/api/runtime.ts" },
  ],
});
