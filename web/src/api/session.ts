/** Tells the page that the server wants to know who asks. */

const listeners = new Set<() => void>();

export const session = {
  needed(): void {
    for (const act of listeners) act();
  },
  onNeeded(act: () => void): () => void {
    listeners.add(act);
    return () => listeners.delete(act);
  },
};
