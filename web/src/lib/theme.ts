import { useSyncExternalStore } from "react";
import { readSetting, writeSetting } from "@/lib/storage";

export type Theme = "system" | "light" | "dark";

const listeners = new Set<() => void>();

function stored(): Theme {
  const value = readSetting("theme");
  return value === "light" || value === "dark" ? value : "system";
}

export function applyTheme(theme: Theme = stored()): void {
  if (theme === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.setAttribute("data-theme", theme);
}

function setTheme(theme: Theme): void {
  writeSetting("theme", theme);
  applyTheme(theme);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The theme, the same for everybody who asks. */
export const useTheme = (): [Theme, (theme: Theme) => void] => [
  useSyncExternalStore(subscribe, stored),
  setTheme,
];
