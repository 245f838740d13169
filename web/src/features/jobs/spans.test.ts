import { expect, test } from "vitest";
import { remaining } from "@/lib/eta";
import { makeLine, makeResult } from "@/testing/fixtures";
import { HitList, LogStore, PAGE } from "./log-store";
import { groupsOf, MOST_LANES, phasesOf, rowsOf, type Span, spansOf, tailOf } from "./spans";

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 9, 46, second)).toISOString();
const ms = (second: number) => Date.parse(at(second));

const span = (table: string, from: number, until: number, status = "ok"): Span => ({
  table,
  status,
  from: ms(from),
  until: ms(until),
  rows: 1,
  folders: 1,
  commits: 1,
});

test("tables that have begun get a lane, in the order they began; open ones last until now", () => {
  const spans = spansOf(
    [
      makeResult({ table: "late", process_start_time: at(5), process_finish_time: null }),
      makeResult({ table: "first", process_start_time: at(1), process_finish_time: at(2) }),
      makeResult({ table: "never", process_start_time: null }),
    ],
    ms(9),
  );
  expect(spans.map((each) => [each.table, each.until])).toEqual([
    ["first", ms(2)],
    ["late", ms(9)],
  ]);
});

test("groups are worst first, or by application", () => {
  const spans = [span("cc_a", 0, 1), span("pc_b", 0, 1, "failed"), span("x", 0, 1, "cancelled")];
  expect(groupsOf(spans, "state").map((group) => group.label)).toEqual([
    "Failed",
    "Written",
    "Cancelled",
  ]);
  expect(groupsOf(spans, "app").map((group) => group.label)).toEqual([
    "ClaimCenter",
    "Other",
    "PolicyCenter",
  ]);
});

test("more lanes than one reads are groups, whose lanes come when they are opened", () => {
  const many = Array.from({ length: MOST_LANES + 1 }, (_, n) => span(`cc_${n}`, 0, 1));
  expect(rowsOf(many.slice(1), "state", new Set())).toHaveLength(MOST_LANES);
  expect(rowsOf(many, "state", new Set())).toHaveLength(1);
  expect(rowsOf(many, "state", new Set(["ok"]))).toHaveLength(MOST_LANES + 2);
});

test("the tail is the time in which only the last table went on", () => {
  expect(tailOf([span("a", 0, 4), span("b", 1, 9), span("c", 2, 6)])).toEqual({
    table: "b",
    from: ms(6),
    until: ms(9),
  });
  expect(tailOf([span("a", 0, 4), span("b", 0, 4)])).toBeNull();
  expect(tailOf([span("a", 0, 4)])).toBeNull();
});

test("phases come from what the table said", () => {
  const line = (kind: string, second: number) => makeLine(second, { kind, at: at(second) });
  const lines = [
    line("table_planned", 1),
    line("table_started", 3),
    line("progress", 5),
    line("committed", 6),
    line("table_finished", 8),
  ];
  expect(phasesOf(lines, span("a", 3, 8)).map((phase) => [phase.name, phase.from])).toEqual([
    ["Listed, waited for a worker", ms(1)],
    ["Read and wrote", ms(3)],
    ["Committed", ms(6)],
  ]);
  expect(phasesOf([], span("a", 3, 8)).map((phase) => phase.name)).toEqual(["Finished"]);
});

test("time left comes from earlier runs at first, and from this one's pace later", () => {
  const usual = { slow_bytes_per_second: 10, fast_bytes_per_second: 20 };
  expect(remaining(0, 0, 200, null)).toBeNull();
  expect(remaining(0, 0, 200, usual)).toEqual({ low: 10, high: 23 });
  const late = remaining(90, 90, 200, usual);
  expect(late?.high).toBeLessThan(15);
  expect(remaining(10, 100, 0, usual)).toBeNull();
});

test("a view knows which of its lines it lacks, and asks for each page once", () => {
  const store = new LogStore(null);
  store.add({ lines: [makeLine(1)], next_offset: 1, last_line: 3 * PAGE, is_final: true });
  expect(store.size).toBe(3 * PAGE);
  expect(store.missing(0, PAGE + 1)).toEqual([0, 1]);
  store.ask(0);
  expect(store.missing(0, PAGE + 1)).toEqual([1]);
  store.answered(0);
  store.addStreamed(Array.from({ length: PAGE }, (_, index) => makeLine(index + 1)));
  expect(store.missing(0, PAGE)).toEqual([]);
  expect(store.at(4)?.line).toBe(5);
});

test("hits of a filter are the view's lines, found again by their number", () => {
  const hits = new HitList();
  hits.add({ lines: [3, 8], next_offset: 10, last_line: 20, is_final: false });
  expect(hits.isComplete).toBe(false);
  hits.add({ lines: [15], next_offset: 20, last_line: 20, is_final: true });
  expect(hits.isComplete).toBe(true);
  const store = new LogStore(hits);
  expect([store.size, store.numberAt(2), store.indexOfLine(8), store.indexOfLine(9)]).toEqual([
    3, 15, 1, 2,
  ]);
});
