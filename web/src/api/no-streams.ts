/** Stands for the generated client's way of reading streams, which the page leaves to EventSource. */
export function createSseClient(): never {
  throw new Error("streams are read by EventSource, see events.ts");
}
