import type { LogHits, LogLine, LogPage } from "@/api/generated";

export const PAGE = 200;
/** So many lines are kept; those farthest from what was last looked at go first. */
const KEPT = 40_000;

/** Tells its listeners once a frame, however often it changes. */
class Told {
  private readonly listeners = new Set<() => void>();
  private frame: number | null = null;
  private version = 0;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): number => this.version;

  protected notify(): void {
    if (this.frame !== null) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.version += 1;
      for (const listener of this.listeners) listener();
    });
  }
}

/** Numbers of the lines that match a filter, as far as they have been looked for. */
export class HitList extends Told {
  numbers: number[] = [];
  /** Number of the last line looked at. */
  offset = 0;
  last = 0;
  isLoaded = false;

  get isComplete(): boolean {
    return this.isLoaded && this.offset >= this.last;
  }

  add(hits: LogHits): void {
    for (const number of hits.lines) this.numbers.push(number);
    this.offset = hits.next_offset;
    this.last = hits.last_line;
    this.isLoaded = true;
    this.notify();
  }

  /** Place of the first number that is not below `line`. */
  place(line: number): number {
    let [low, high] = [0, this.numbers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.numbers[middle] ?? 0) < line) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The lines there are of a view: every line, or those of a filter. A million are only numbers. */
export class LogStore extends Told {
  private readonly lines = new Map<number, LogLine>();
  private readonly asked = new Set<number>();
  /** Number of the newest line the run has. */
  last = 0;
  isFinal = false;
  isLoaded = false;

  /** @param hits the lines of a filter; null for every line. */
  constructor(readonly hits: HitList | null) {
    super();
  }

  get size(): number {
    return this.hits ? this.hits.numbers.length : this.last;
  }

  numberAt(index: number): number {
    return this.hits ? (this.hits.numbers[index] ?? 0) : index + 1;
  }

  at(index: number): LogLine | undefined {
    return this.lines.get(this.numberAt(index));
  }

  indexOfLine(line: number): number {
    return this.hits ? this.hits.place(line) : line - 1;
  }

  /** Pages of a stretch of the view that nobody has asked for. */
  missing(from: number, to: number): number[] {
    const pages: number[] = [];
    for (
      let page = Math.floor(from / PAGE);
      page <= Math.floor(Math.max(from, to - 1) / PAGE);
      page++
    ) {
      if (!this.asked.has(page) && this.lacks(page)) pages.push(page);
    }
    return pages;
  }

  private lacks(page: number): boolean {
    const end = Math.min(this.size, (page + 1) * PAGE);
    for (let index = page * PAGE; index < end; index++) {
      if (!this.lines.has(this.numberAt(index))) return true;
    }
    return false;
  }

  ask(page: number): void {
    this.asked.add(page);
  }

  answered(page: number): void {
    this.asked.delete(page);
  }

  add(page: LogPage): void {
    this.keep(page.lines);
    this.last = Math.max(this.last, page.last_line);
    this.isFinal = page.is_final;
    this.isLoaded = true;
    this.notify();
  }

  /** Lines of the stream. */
  addStreamed(lines: readonly LogLine[]): void {
    this.keep(lines);
    this.last = Math.max(this.last, lines.at(-1)?.line ?? 0);
    this.notify();
  }

  private keep(lines: readonly LogLine[]): void {
    for (const line of lines) {
      this.lines.delete(line.line);
      this.lines.set(line.line, line);
    }
    // A map gives its keys in the order they came: the oldest first.
    for (const number of this.lines.keys()) {
      if (this.lines.size <= KEPT) break;
      this.lines.delete(number);
    }
  }
}
