import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { FakeEventSource } from "./fake-event-source";
import { server } from "./server";

/** What jsdom does not have: a layout, media queries, streams. */

// A failed query prints where it looked: what matters of it fits on a screen.
configure({
  asyncUtilTimeout: 10_000,
  getElementError: (message) => new Error((message ?? "not found").slice(0, 400)),
});

class NoResize {
  observe() {}
  unobserve() {}
  disconnect() {}
}

vi.stubGlobal("ResizeObserver", NoResize);
vi.stubGlobal("EventSource", FakeEventSource);
vi.stubGlobal("matchMedia", (media: string) => ({
  matches: false,
  media,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));
vi.stubGlobal("scrollTo", () => undefined);
Element.prototype.scrollIntoView = () => undefined;

for (const [name, size] of [
  ["clientWidth", 900],
  ["clientHeight", 400],
  ["offsetWidth", 900],
  ["offsetHeight", 24],
] as const) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size });
}

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
  FakeEventSource.reset();
  localStorage.clear();
});
afterAll(() => server.close());
