// Shows progress of many runs: a redrawn board on a terminal, otherwise a line for each finished run.

import type { RunProgress, RunResult } from "@fanin/lab";
import { duration } from "./duration.ts";
import { writeControl } from "./guarded-output.ts";

const BAR = 16; // cells
const LABEL = 36; // cells
const REDRAW_EVERY = 100; // milliseconds

/** Draws a bar such as `▐█████▍          ▌` for a fraction from 0 to 1. */
export function bar(fraction: number, cells: number = BAR): string {
  const eighths = Math.round(Math.min(1, Math.max(0, fraction)) * cells * 8);
  const partial = eighths % 8 === 0 ? "" : ("▏▎▍▌▋▊▉"[(eighths % 8) - 1] ?? "");
  return `▐${("█".repeat(Math.floor(eighths / 8)) + partial).padEnd(cells)}▌`;
}

const short = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

/** Shortens `text` in the middle, because the seed is at its end. */
function middleCut(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = Math.ceil(width / 2);
  return `${text.slice(0, width - 1 - end)}…${text.slice(text.length - end)}`;
}

/** The progress display of a comparison or a sweep, with a label per run. */
export class ProgressBoard {
  readonly #stream: NodeJS.WriteStream;
  readonly #live: boolean;
  readonly #total: number;
  readonly #epochs: number;
  readonly #started = performance.now();
  readonly #active = new Map<string, RunProgress>();
  #finished: number;
  readonly #finishedBefore: number;
  #lines = 0;
  #drawn = 0;

  /** Prepares for `total` runs, of which `finished` exist already. */
  constructor(stream: NodeJS.WriteStream, total: number, finished: number, epochs: number) {
    this.#stream = stream;
    this.#live = stream.isTTY === true && process.env["TERM"] !== "dumb";
    this.#total = total;
    this.#finished = finished;
    this.#finishedBefore = finished;
    this.#epochs = epochs;
  }

  update(label: string, progress: RunProgress): void {
    this.#active.set(label, progress);
    if (this.#live && performance.now() - this.#drawn > REDRAW_EVERY) this.#draw();
  }

  finish(label: string, result: RunResult): void {
    this.#active.delete(label);
    this.#finished++;
    const outcome =
      result.diverged === null
        ? `test accuracy ${result.testAccuracy.toFixed(4)}, loss ${result.epochs.at(-1)?.loss.toFixed(4) ?? "none"}`
        : `diverged at step ${result.diverged}`;
    if (this.#live) this.#draw();
    else {
      const left = this.#secondsLeft();
      const eta = left === undefined || this.#finished === this.#total ? "" : `, ETA ${duration(left)}`;
      this.#stream.write(`[${this.#finished}/${this.#total}] ${label}: ${outcome}${eta}\n`);
    }
  }

  /** Removes the board. */
  close(): void {
    this.#erase();
  }

  #erase(): void {
    if (this.#lines === 0) return;
    writeControl(this.#stream, `\x1b[1G\x1b[${this.#lines}A\x1b[0J`);
    this.#lines = 0;
  }

  #draw(): void {
    const columns = this.#stream.columns ?? 80;
    const lines = [...this.#active].map(([label, progress]) => this.#runLine(label, progress));
    const left = this.#secondsLeft();
    lines.push(
      ` ${bar(this.#done() / this.#total)} ${this.#finished}/${this.#total} runs  ETA ${left === undefined ? "…" : duration(left)}`,
    );
    this.#erase();
    this.#stream.write(lines.map((line) => `${short(line, columns - 1)}\n`).join(""));
    this.#lines = lines.length;
    this.#drawn = performance.now();
  }

  #runLine(label: string, { epoch, step, steps, loss }: RunProgress): string {
    return ` ${bar(step / steps)} ${middleCut(label, LABEL).padEnd(LABEL)} epoch ${epoch}/${this.#epochs}  loss ${loss.toFixed(4)}`;
  }

  /** Counts finished runs, and active ones by their share. */
  #done(): number {
    const shares = [...this.#active.values()].map(({ step, steps }) => step / steps);
    return shares.reduce((sum, share) => sum + share, this.#finished);
  }

  #secondsLeft(): number | undefined {
    const done = this.#done() - this.#finishedBefore;
    if (done <= 0) return undefined;
    const elapsed = (performance.now() - this.#started) / 1000;
    return (elapsed / done) * (this.#total - this.#done());
  }
}
