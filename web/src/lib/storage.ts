/** Small preferences of this browser. Storage may be closed to us; then they last for the visit. */

const memory = new Map<string, string>();

export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(`cdalake.${name}`) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

export function writeSetting(name: string, value: string): void {
  memory.set(name, value);
  try {
    localStorage.setItem(`cdalake.${name}`, value);
  } catch {
    // A private window: the choice stays in memory.
  }
}
