import { expect, test } from "vitest";
import { ticks, timeTicks } from "@/lib/chart";
import { rangeWords, remaining } from "@/lib/eta";
import { big, bytes, csv, duration, lag, percent, sentence, short, shortId } from "@/lib/format";
import { matching } from "@/lib/glob";

test.each([
  [null, "–"],
  [0, "0 s"],
  [0.42, "0.4 s"],
  [59.6, "1 min"],
  [569, "9 min 29 s"],
  [5700, "1 h 35 min"],
  [273_600, "3 d 4 h"],
])("%s seconds last %s", (seconds, words) => expect(duration(seconds)).toBe(words));

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [999_600, "1.0 MB"],
  [12_400_000_000, "12.4 GB"],
])("%s bytes are %s", (size, words) => expect(bytes(size)).toBe(words));

test.each([
  [7800, "7,800"],
  [48_213_904, "48.2 M"],
  [120_000, "120 k"],
])("%s is about %s", (value, words) => expect(big(value)).toBe(words));

test("percent is never 100 before the end nor 0 after the start", () => {
  expect([percent(0), percent(0.2), percent(99.9), percent(100)]).toEqual([
    "0 %",
    "1 %",
    "99 %",
    "100 %",
  ]);
});

test("lag, age and ids are short", () => {
  expect([lag(0), lag(300), lag(5520), lag(300_000)]).toEqual(["0", "5 min", "1h 32m", "3 d"]);
  expect(short(1_555_200)).toBe("18 d");
  expect(shortId("20261123-094630-8c42")).toBe("8c42");
  expect(shortId("0123456789abcdef")).toBe("89abcdef");
});

test("half sentences become sentences, names stay names", () => {
  expect(sentence("caught up")).toBe("Caught up.");
  expect(sentence("cc_claim is late")).toBe("cc_claim is late.");
});

test("CSV quotes what needs it", () => {
  expect(csv(["a", "b"], [{ a: 'x"y', b: null }])).toBe('a,b\r\n"x""y",\r\n');
  const texts = ["=1+1", "@sum", "+cmd", "-x", "-12.50", "+1e-3", "+49 89", "-2+3+cmd|x!A0"];
  const lines = csv(
    ["a"],
    texts.map((a) => ({ a })),
  ).split("\r\n");
  expect(lines.slice(1, -1)).toEqual(
    texts.map((text) => (["-12.50", "+1e-3"].includes(text) ? text : `'${text}`)),
  );
});

test("axes end at round numbers", () => {
  expect(ticks(15_600_000, 4)).toEqual([0, 10_000_000, 20_000_000]);
  expect(ticks(7, 4)).toEqual([0, 3, 6, 9]);
  expect(ticks(0)).toEqual([0, 1]);
  expect(timeTicks(4500, 4)).toEqual([0, 1800, 3600, 5400]);
});

test("globs are those of the engine", () => {
  const names = ["cc_claim", "cc_note", "pc_policy", "ccXnote"];
  expect(matching(names, [], [])).toHaveLength(4);
  expect(matching(names, ["cc_*"], ["*note"])).toEqual(["cc_claim"]);
  expect(matching(names, ["[cp]c_*"], [])).toEqual(["cc_claim", "cc_note", "pc_policy"]);
  expect(matching(names, ["cc?note"], [])).toEqual(["cc_note", "ccXnote"]);
  expect(matching(names, ["CC_*"], ["*NOTE"])).toEqual(["cc_claim"]);
});

test("remaining time is a range, and is not given too early", () => {
  expect(remaining(10, 1)).toBeNull();
  expect(remaining(344, 64)).not.toBeNull();
  expect(rangeWords({ low: 120, high: 260 })).toBe("2 to 5 min");
  expect(rangeWords({ low: 2, high: 8 })).toBe("under 10 s");
});
