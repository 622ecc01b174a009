import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { TransferBoard } from "./transfer-board.ts";

const file = (i: number) => ({ file: `model-0000${i}-of-00002.safetensors`, bytes: 1e9 });

/** Makes a board that writes to memory, as a terminal of 80 columns or a plain stream. */
function boardOn(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  const board = new TransferBoard(stream as unknown as NodeJS.WriteStream, 2e9, 2);
  return { board, text: () => String(stream.read() ?? "") };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  vi.stubEnv("TERM", "xterm");
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

it("writes a line for each finished file without a terminal", () => {
  const { board, text } = boardOn(false);
  vi.advanceTimersByTime(2000);
  board.progress(1e9);
  expect(text()).toBe("");
  board.finished(file(1));
  vi.advanceTimersByTime(2000);
  board.progress(2e9);
  board.finished(file(2));
  board.close();
  expect(text()).toBe(
    "[1/2] model-00001-of-00002.safetensors: 1 GB, 0.50 GB/s, ETA 0:02\n[2/2] model-00002-of-00002.safetensors: 1 GB, 0.50 GB/s\n",
  );
});

it("redraws one line on a terminal, with the rate of the last seconds, and removes it", () => {
  const { board, text } = boardOn(true);
  vi.advanceTimersByTime(1000);
  board.progress(0.5e9);
  expect(text()).toContain("▐████            ▌ 500 MB of 2 GB  0.50 GB/s  0/2 files  ETA 0:03");
  // After a pause, the rate covers the last five seconds, not the whole time.
  vi.advanceTimersByTime(60_000);
  board.progress(0.5e9);
  text();
  for (let i = 1; i <= 10; i++) {
    vi.advanceTimersByTime(1000);
    board.progress(0.5e9 + i * 1e8);
  }
  expect(text()).toContain("1.5 GB of 2 GB  0.10 GB/s  0/2 files  ETA 0:05");
  board.close();
  expect(text()).toContain("\u001b[2K");
});
