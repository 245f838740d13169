import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useTyped } from "@/lib/use-typed";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A field and the address it tells, which follows when the test says so. */
function field(value = "") {
  const told: string[] = [];
  const { result, rerender } = renderHook(
    (address: string) => useTyped(address, (text) => told.push(text)),
    { initialProps: value },
  );
  return {
    told,
    text: () => result.current[0],
    type: (text: string) => act(() => result.current[1](text)),
    rest: () => act(() => vi.advanceTimersByTime(300)),
    address: rerender,
  };
}

test("it is told once typing rests, without the spaces around it", () => {
  const { told, type, rest } = field();
  type("cl");
  type("claim ");
  expect(told).toEqual([]);
  rest();
  expect(told).toEqual(["claim"]);
});

test("what is typed while the address still catches up is not lost", () => {
  const { told, text, type, rest, address } = field();
  type("gr");
  rest();
  type("gr?n");
  address("gr");
  expect(text()).toBe("gr?n");
  rest();
  type("gr?nd");
  address("gr?n");
  expect(text()).toBe("gr?nd");
  rest();
  expect(told).toEqual(["gr", "gr?n", "gr?nd"]);
});

test("an address that comes later than the next rest changes nothing", () => {
  const { text, type, rest, address } = field();
  type("a");
  rest();
  type("ab");
  rest();
  address("a");
  expect(text()).toBe("ab");
  address("ab");
  expect(text()).toBe("ab");
});

test("it follows when the address is changed from elsewhere, back and forth", () => {
  const { told, text, type, rest, address } = field("x");
  type("xy");
  rest();
  address("xy");
  for (const other of ["x", "xy", ""]) {
    address(other);
    expect(text()).toBe(other);
    rest();
  }
  expect(told).toEqual(["xy"]);
});
