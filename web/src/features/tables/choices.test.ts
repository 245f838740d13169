import { expect, test } from "vitest";
import { folderTime } from "./choices";

test.each([
  ["1795420000000", 1_795_420_000_000],
  ["2026-11-26T03:00Z", Date.UTC(2026, 10, 26, 3)],
  ["2026-11-26 03:00", Date.UTC(2026, 10, 26, 3)],
  ["2026-11-26", Date.UTC(2026, 10, 26)],
  [" 2026-11-26T03:00:01.250Z ", Date.UTC(2026, 10, 26, 3, 0, 1, 250)],
])("%s is a folder timestamp", (text, at) => {
  expect(folderTime(text)).toBe(at);
});

test.each(["", "yesterday", "12", "2026-13-01", "2026-11-26T03:00+02:00"])("%s is none", (text) => {
  expect(folderTime(text)).toBeNull();
});
