// Shows progress of bytes: one redrawn line on a terminal, otherwise a line for each finished file.

import { formatBytes, type ShardPlan } from "@fanin/models";
import { duration } from "../../terminal/duration.ts";
import { writeControl } from "../../terminal/guarded-output.ts";
import { bar } from "../../terminal/progress-board.ts";

const REDRAW_EVERY = 100; // milliseconds
const WINDOW = 5000; // milliseconds of the rate

/** Formats a rate in gigabytes (10^9 bytes) per second. */
function rate(bytes: number, milliseconds: number): string {
  return `${(bytes / 1e6 / Math.max(1, milliseconds)).toFixed(2)} GB/s`;
}

/** The progress display of written files. */
export class TransferBoard {
  readonly #stream: NodeJS.WriteStream;
  readonly #live: boolean;
  readonly #total: number;
  readonly #files: number;
  readonly #started = performance.now();
  /** Times and bytes of the last seconds, oldest first. */
  #samples: (readonly [number, number])[] = [[performance.now(), 0]];
  #written = 0;
  #finished = 0;
  #drawn = Number.NEGATIVE_INFINITY;

  /** Prepares for `total` bytes in `files` files. */
  constructor(stream: NodeJS.WriteStream, total: number, files: number) {
    this.#stream = stream;
    this.#live = stream.isTTY === true && process.env["TERM"] !== "dumb";
    this.#total = total;
    this.#files = files;
  }

  progress(written: number): void {
    const now = performance.now();
    this.#written = written;
    this.#samples.push([now, written]);
    this.#samples = this.#samples.filter(([time], i) => now - time <= WINDOW || i >= this.#samples.length - 2);
    if (this.#live && now - this.#drawn > REDRAW_EVERY) this.#draw(now);
  }

  finished({ file, bytes }: Pick<ShardPlan, "file" | "bytes">): void {
    this.#finished++;
    if (this.#live) {
      this.#draw(performance.now());
      return;
    }
    const left = this.#finished === this.#files ? "" : `, ETA ${this.#left()}`;
    const mean = rate(this.#written, performance.now() - this.#started);
    this.#stream.write(`[${this.#finished}/${this.#files}] ${file}: ${formatBytes(bytes)}, ${mean}${left}\n`);
  }

  /** Removes the line. */
  close(): void {
    if (!this.#live || this.#drawn === Number.NEGATIVE_INFINITY) return;
    writeControl(this.#stream, "\x1b[1G\x1b[2K");
  }

  /** Computes the rate of the last seconds. */
  #recent(): readonly [number, number] {
    const [time, bytes] = this.#samples[0] ?? [0, 0];
    const [now, written] = this.#samples.at(-1) ?? [0, 0];
    return [written - bytes, now - time];
  }

  #left(): string {
    const [bytes, milliseconds] = this.#recent();
    if (bytes <= 0) return "…";
    return duration(((this.#total - this.#written) * milliseconds) / bytes / 1000);
  }

  #draw(now: number): void {
    const share = `${formatBytes(this.#written)} of ${formatBytes(this.#total)}`;
    const files = `${this.#finished}/${this.#files} files`;
    const line = ` ${bar(this.#written / this.#total)} ${share}  ${rate(...this.#recent())}  ${files}  ETA ${this.#left()}`;
    writeControl(this.#stream, "\x1b[1G");
    // A terminal of unknown width reports 0.
    this.#stream.write(line.slice(0, (this.#stream.columns || 80) - 1));
    writeControl(this.#stream, "\x1b[0K");
    this.#drawn = now;
  }
}
