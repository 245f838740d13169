import type { LogLine, LogPage } from "@/api/generated";

/**
 * Lines of one view of a log, outside React: a run says hundreds of lines a second, the page is
 * told once a frame. Lines come in order and once, from pages or from the stream.
 */
export class LogStore {
  private lines: LogLine[] = [];
  private readonly listeners = new Set<() => void>();
  private frame: number | null = null;
  private version = 0;
  /** Number of the last line asked for: the next page begins after it. */
  offset = 0;
  /** Number of the newest line the run has. */
  last = 0;
  isFinal = false;
  isLoaded = false;

  get size(): number {
    return this.lines.length;
  }

  at(index: number): LogLine | undefined {
    return this.lines[index];
  }

  all(): readonly LogLine[] {
    return this.lines;
  }

  indexOfLine(line: number): number {
    return this.lines.findIndex((each) => each.line >= line);
  }

  reset(offset = 0): void {
    this.lines = [];
    this.offset = offset;
    this.isLoaded = false;
    this.notify();
  }

  add(page: LogPage): void {
    this.append(page.lines);
    this.offset = Math.max(this.offset, page.next_offset);
    this.last = Math.max(this.last, page.last_line);
    this.isFinal = page.is_final;
    this.isLoaded = true;
    this.notify();
  }

  /** Lines of the stream; false when some before them are missing and have to be fetched. */
  addStreamed(lines: readonly LogLine[]): boolean {
    const first = lines[0];
    if (!first) return true;
    this.last = Math.max(this.last, lines.at(-1)?.line ?? 0);
    if (first.line > this.offset + 1) return false;
    this.append(lines);
    this.offset = Math.max(this.offset, lines.at(-1)?.line ?? 0);
    this.notify();
    return true;
  }

  private append(lines: readonly LogLine[]): void {
    const seen = this.lines.at(-1)?.line ?? 0;
    for (const line of lines) if (line.line > seen) this.lines.push(line);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): number => this.version;

  private notify(): void {
    if (this.frame !== null) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.version += 1;
      for (const listener of this.listeners) listener();
    });
  }
}
