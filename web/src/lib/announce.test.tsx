import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AnnounceProvider, useAnnounce } from "@/lib/announce";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("of many changes in a row the first and the newest are heard", () => {
  const { result } = renderHook(useAnnounce, { wrapper: AnnounceProvider });
  const texts = () => result.current.notices.map(({ text }) => text);
  act(() => result.current.say("Run 1: Queued.", { seen: false }));
  act(() => void vi.advanceTimersByTime(1));
  for (const state of ["Running", "Cancelling", "Cancelled"]) {
    act(() => result.current.say(`Run 1: ${state}.`, { seen: false }));
  }
  expect(texts()).toEqual(["Run 1: Queued."]);
  act(() => void vi.advanceTimersByTime(3000));
  expect(texts()).toEqual(["Run 1: Queued.", "Run 1: Cancelled."]);
});

test("what is seen is told at once", () => {
  const { result } = renderHook(useAnnounce, { wrapper: AnnounceProvider });
  act(() => {
    result.current.say("Run 1 started.");
    result.current.say("Run 2 started.");
  });
  expect(result.current.notices).toHaveLength(2);
});
