import { useSyncExternalStore } from "react";

/** A server that was started anew may bring a newer page than the one that is open. */

let isOffered = false;
const listeners = new Set<() => void>();

const entry = (): string | null =>
  document.querySelector<HTMLScriptElement>("script[type=module][src]")?.getAttribute("src") ??
  null;

/** Look whether the server's page still begins with our own script. */
export async function checkUpgrade(): Promise<void> {
  const ours = entry();
  const answer = await fetch("/", { cache: "no-store" }).catch(() => null);
  if (!ours || !answer?.ok || (await answer.text()).includes(ours)) return;
  isOffered = true;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useUpgrade = (): boolean => useSyncExternalStore(subscribe, () => isOffered);
