import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Changes } from "@/api/generated";
import { byAnything, byRun, byRuns, byTable, byTables, followChanges, live } from "@/api/live";
import { FakeEventSource } from "@/testing/fake-event-source";

const NOTHING: Changes = {
  last_id: 7,
  everything: false,
  runs: [],
  progress: [],
  tables: [],
  connections: [],
  server: "one",
};

let client: QueryClient;
let stop: () => void;
let asked: string[];
const newServer = vi.fn();
const ask = vi.fn<(after: number) => Promise<Changes>>();

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient();
  asked = [];
  newServer.mockReset();
  ask.mockReset().mockImplementation(async (last_id) => ({ ...NOTHING, last_id }));
  stop = followChanges(client, newServer, ask);
});
afterEach(() => {
  stop();
  client.clear();
  vi.useRealTimers();
});

function watch(
  name: string,
  changedBy = byAnything,
  answer: () => Promise<string> = async () => "",
) {
  const observer = new QueryObserver(client, {
    queryKey: [name],
    queryFn: () => {
      asked.push(name);
      return answer();
    },
    ...live(changedBy, 2000),
  });
  return observer.subscribe(() => undefined);
}

const stream = () => FakeEventSource.of("/api/events");
const tell = (changes: Partial<Changes>) => stream().send("changes", { ...NOTHING, ...changes });
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("what a change makes old is asked again, and nothing else", async () => {
  watch("runs", byRuns);
  watch("this run", byRun("r1"));
  watch("tables", byTables);
  watch("cc_claim", byTable("cc_claim"));
  tell({});
  await after(50);
  asked = [];
  tell({ progress: ["r2"] });
  await after(10);
  expect(asked).toEqual(["runs"]);
  asked = [];
  tell({ tables: [{ connection: "a", name: "cc_note" }] });
  await after(1100);
  expect(asked).toEqual(["tables"]);
  asked = [];
  tell({ tables: [{ connection: "a", name: null }] });
  await after(1100);
  expect(asked.toSorted()).toEqual(["cc_claim", "tables"]);
  asked = [];
  tell({ everything: true });
  await after(1100);
  expect(asked).toHaveLength(4);
});

test("while the stream is open nothing polls; when it falls silent, everything does", async () => {
  watch("runs", byRuns);
  tell({});
  await after(100);
  asked = [];
  for (let tick = 0; tick < 6; tick += 1) {
    await after(5000);
    stream().send("tick", {});
  }
  // The timer of before the stream was open has run out once.
  expect(asked.length).toBeLessThanOrEqual(1);
  asked = [];
  stream().fail();
  await after(1900);
  expect(asked).toEqual(["runs"]);
  await after(6000);
  expect(asked.length).toBeGreaterThanOrEqual(3);
});

/** The browser lost the stream and is about to try again. */
function cut(): void {
  const source = stream();
  source.readyState = FakeEventSource.CONNECTING;
  source.onerror?.();
}

test("the server's own end of a stream is no silence, and what it missed is asked for", async () => {
  watch("runs", byRuns);
  tell({ last_id: 5 });
  await after(2500);
  asked = [];
  ask.mockResolvedValue({ ...NOTHING, last_id: 6, runs: ["r1"] });
  cut();
  await after(1000);
  expect(ask).toHaveBeenCalledWith(5);
  expect(asked).toEqual(["runs"]);
  tell({});
  await after(10_000);
  expect(asked).toEqual(["runs"]);
});

test("a server that does not answer either is silent at once", async () => {
  watch("runs", byRuns);
  tell({});
  await after(2500);
  asked = [];
  ask.mockRejectedValue(new Error("gone"));
  cut();
  await after(10);
  expect(asked).toEqual(["runs"]);
  expect(() => stream()).toThrow("no stream");
});

test("a stream that says nothing for long is given up, and the next goes on where it was", async () => {
  tell({ last_id: 41 });
  const first = stream();
  await after(15_000);
  expect(first.readyState).toBe(FakeEventSource.CLOSED);
  await after(2000);
  expect(stream().url).toBe("/api/events?after=41");
});

test("many changes in a row are asked for once a second at most", async () => {
  watch("runs", byRuns);
  tell({});
  await after(10);
  asked = [];
  for (let step = 0; step < 30; step += 1) {
    tell({ progress: ["r1"] });
    await after(100);
  }
  expect(asked.length).toBeGreaterThanOrEqual(3);
  expect(asked.length).toBeLessThanOrEqual(4);
});

test("what changes while it is being answered is asked for once more", async () => {
  let finish = () => {};
  watch("runs", byRuns, () => new Promise((done) => (finish = () => done(""))));
  tell({ runs: ["r1"] });
  await after(10);
  expect(asked).toEqual(["runs"]);
  finish();
  await after(1100);
  expect(asked).toEqual(["runs", "runs"]);
  finish();
});

test("a hidden tab gives its connection back and goes on when it is seen again", async () => {
  tell({ last_id: 12 });
  const first = stream();
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(first.readyState).toBe(FakeEventSource.CLOSED);
  await after(60_000);
  expect(() => stream()).toThrow("no stream");
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(stream().url).toBe("/api/events?after=12");
});

test("another server is told, the first one is not", () => {
  tell({ server: "one" });
  expect(newServer).not.toHaveBeenCalled();
  tell({ server: "two" });
  expect(newServer).toHaveBeenCalledOnce();
});
