import { useEffect, useRef, useSyncExternalStore } from "react";
import { readSetting, writeSetting } from "@/lib/storage";

/**
 * Every key the page listens to, in one place: whoever offers something registers its key here
 * while it is on the screen, and the sheet behind "?" lists what is registered.
 *
 *   useShortcut({ keys: "j", group: "Tables", does: "Next table", act: () => step(1) });
 *
 * `keys` is one key ("j", "?", "Enter"), two after each other ("g t"), or "mod+k" (Ctrl, and Cmd on
 * a Mac). Registered last wins: a page may take a key of the shell. Nothing fires while somebody
 * types or while a dialog is open; "mod+…" does.
 */
export interface Shortcut {
  keys: string;
  group: string;
  does: string;
  act: (event: KeyboardEvent) => void;
  /** Not now: neither fired nor listed. */
  off?: boolean;
}

export type Listed = Pick<Shortcut, "keys" | "group" | "does">;

/** How long the second key of two may take. */
const PATIENCE_MS = 1500;
const SETTING = "single-keys";
const FIELD =
  "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true], [role=dialog]";
const ANSWERS = "a, button, summary, [role=tab], [role=button]";

const registered = new Set<{ current: Shortcut }>();
const listeners = new Set<() => void>();
let listed: readonly Listed[] = [];
let first: { key: string; at: number } | null = null;

function changed(): void {
  const byKeys = new Map<string, Listed>();
  for (const { current } of registered) {
    if (!current.off) byKeys.set(current.keys, current);
  }
  listed = [...byKeys.values()].map(({ keys, group, does }) => ({ keys, group, does }));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is registered now, the oldest first. */
export const useShortcuts = (): readonly Listed[] => useSyncExternalStore(subscribe, () => listed);

/** Single keys may be turned off: those who speak to their machine press them by accident. */
export const singleKeys = {
  areOn: (): boolean => readSetting(SETTING) !== "off",
  set(on: boolean): void {
    writeSetting(SETTING, on ? "on" : "off");
    changed();
  },
};

export const useSingleKeys = (): boolean => useSyncExternalStore(subscribe, singleKeys.areOn);

/** Offer a key for as long as the component is there. */
export function useShortcut(shortcut: Shortcut): void {
  const latest = useRef(shortcut);
  latest.current = shortcut;
  const { keys, group, does, off } = shortcut;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is listed changes with these
  useEffect(() => {
    if (registered.size === 0) window.addEventListener("keydown", onKey);
    registered.add(latest);
    changed();
    return () => {
      registered.delete(latest);
      if (registered.size === 0) window.removeEventListener("keydown", onKey);
      changed();
    };
  }, [keys, group, does, off]);
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const pressed = nameOf(event);
  if (!pressed) return;
  const isCommand = pressed.startsWith("mod+");
  if (!isCommand && (isBusy(event) || !singleKeys.areOn())) return;
  const found = find(event.timeStamp, pressed);
  if (found) {
    event.preventDefault();
    found.act(event);
  }
}

function nameOf(event: KeyboardEvent): string | null {
  if (["Shift", "Control", "Meta"].includes(event.key)) return null;
  // Caps Lock is no Shift.
  const key = event.key.length === 1 && !event.shiftKey ? event.key.toLowerCase() : event.key;
  return event.ctrlKey || event.metaKey ? `mod+${key}` : key;
}

function isBusy(event: KeyboardEvent): boolean {
  const { target } = event;
  if (target instanceof Element && target.closest(FIELD)) return true;
  // Enter and Space belong to what has the focus.
  const isPress = event.key === "Enter" || event.key === " ";
  if (isPress && target instanceof Element && target.closest(ANSWERS)) return true;
  return document.querySelector("[role=dialog][data-state=open]") !== null;
}

/** The shortcut a key completes; the first of two is remembered for a moment. */
function find(at: number, pressed: string): Shortcut | undefined {
  const before = first && at - first.at < PATIENCE_MS ? first.key : null;
  first = null;
  const second = before && newest(`${before} ${pressed}`);
  if (second) return second;
  if (startsOne(pressed)) first = { key: pressed, at };
  return newest(pressed);
}

function newest(keys: string): Shortcut | undefined {
  return [...registered]
    .map(({ current }) => current)
    .findLast((each) => each.keys === keys && !each.off);
}

const startsOne = (key: string) =>
  [...registered].some(({ current }) => !current.off && current.keys.startsWith(`${key} `));

const IS_MAC = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? "");

/** A shortcut as the caps of its keys: "mod+k" is "Ctrl" and "K", or "⌘" and "K". */
export function caps(keys: string): string[] {
  return keys
    .split(/[ +]/)
    .map((key) =>
      key === "mod" ? (IS_MAC ? "⌘" : "Ctrl") : keys.includes("+") ? key.toUpperCase() : key,
    );
}
