// Measures the threads of the site from outside: messages of the worker, and tasks of the main thread by CPU time.
// Source: the trace events of Chromium; `tdur` is the CPU time of the thread, which other programs do not affect.

import type { Browser, Page } from "playwright-core";

/** A message between page and worker. */
export interface WorkerMessage {
  readonly at: number;
  readonly id: number;
  readonly kind: "asked" | "part" | "answer" | "dropped";
  readonly task?: string;
  /** Milliseconds of the drawing, as reported by the worker. */
  readonly milliseconds?: number;
}

/** Makes the page record its messages with the worker; call it before opening. */
export async function recordMessages(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const log: object[] = [];
    Object.assign(globalThis, { messages: log });
    const Native = Worker;
    globalThis.Worker = class extends Native {
      constructor(...given: ConstructorParameters<typeof Native>) {
        super(...given);
        this.addEventListener("message", ({ data }) => {
          const kind = "part" in data ? "part" : data.answer === null ? "dropped" : "answer";
          log.push({ at: performance.now(), id: data.id, kind, milliseconds: data.part?.milliseconds });
        });
      }
      override postMessage(message: { id: number; task: string }): void {
        log.push({ at: performance.now(), id: message.id, kind: "asked", task: message.task });
        super.postMessage(message);
      }
    };
  });
}

/** Returns the messages so far. */
export function recordedMessages(page: Page): Promise<WorkerMessage[]> {
  return page.evaluate(() => (globalThis as unknown as { messages: WorkerMessage[] }).messages);
}

interface TraceEvent {
  readonly pid: number;
  readonly tid: number;
  readonly ph: string;
  readonly name: string;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Measures CPU milliseconds of the tasks of the main thread and of the worker during `body`, longest first. */
export async function threadTasks(
  browser: Browser,
  page: Page,
  body: () => Promise<void>,
): Promise<{ main: number[]; worker: number[] }> {
  await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline"] });
  await body();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  // There are also idle renderers without a page.
  const pages = new Set(
    traceEvents.filter(({ name }) => name === "ParseHTML" || name === "EventDispatch").map(({ pid }) => pid),
  );
  const threads = (pattern: RegExp): Set<string> =>
    new Set(
      traceEvents
        .filter(({ pid, name, args }) => name === "thread_name" && pattern.test(args.name ?? "") && pages.has(pid))
        .map(({ pid, tid }) => `${pid} ${tid}`),
    );
  const of = (chosen: Set<string>): number[] =>
    traceEvents
      .filter(({ ph, name, pid, tid }) => ph === "X" && name.endsWith("RunTask") && chosen.has(`${pid} ${tid}`))
      .map(({ tdur = 0 }) => tdur / 1000)
      .sort((a, b) => b - a);
  return { main: of(threads(/^CrRendererMain$/)), worker: of(threads(/DedicatedWorker/)) };
}

/** Returns the median; NaN for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? Number.NaN) + (sorted[sorted.length >> 1] ?? Number.NaN)) / 2;
}
