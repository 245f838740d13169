import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { act, fireEvent, render, renderHook, screen } from "@testing-library/react";
import { createElement } from "react";
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

test("nothing is told by a page that is being left for one that still loads", async () => {
  const told: string[] = [];
  const root = createRootRoute();
  const index = createRoute({
    getParentRoute: () => root,
    path: "/",
    component: () => {
      const [text, setText] = useTyped("", (next) => told.push(next));
      return createElement("input", { value: text, onChange: (e) => setText(e.target.value) });
    },
  });
  const other = createRoute({
    getParentRoute: () => root,
    path: "/other",
    loader: () => new Promise<void>(() => undefined),
    pendingMs: Number.POSITIVE_INFINITY,
  });
  const router = createRouter({
    routeTree: root.addChildren([index, other]),
    history: createMemoryHistory(),
  });
  render(createElement(RouterProvider, { router: router as never }));
  await act(() => vi.advanceTimersByTimeAsync(50));
  fireEvent.change(screen.getByRole("textbox"), { target: { value: "claim" } });
  await act(async () => {
    void router.navigate({ to: "/other" as never });
    await vi.advanceTimersByTimeAsync(1000);
  });
  expect(screen.getByRole("textbox")).toHaveValue("claim");
  expect(told).toEqual([]);
});

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
