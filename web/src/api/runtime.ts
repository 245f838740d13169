import type { CreateClientConfig } from "./generated/client.gen";

// An absolute address: fetch outside a browser (tests) refuses a relative one.
export const createClientConfig: CreateClientConfig = (config) => ({
  ...config,
  baseUrl: globalThis.location.origin,
});
