// The worker thread: runs tasks by name, and returns answers or errors.

import { configure } from "@fanin/core";
import wasmUrl from "@fanin/kernels/kernels-dense.wasm?url";
import type { RaceAnswer } from "./race-task.ts";
import type { SignalAnswer, SignalDrawing, SignalRequest } from "./signal-task.ts";
import type { TaskContext } from "./task-context.ts";
import type { WeightsAnswer } from "./weights-task.ts";

/** A task whose code loads on the first request, so that the first paint does not wait for it. */
function lazily<A, R>(load: () => Promise<(argument: A) => R | Promise<R>>): (argument: A) => Promise<R> {
  return async (argument) => (await load())(argument);
}

const tasks = {
  example: lazily(
    async () => (await import("./weights-task.ts")).exampleTask as (argument: undefined) => Promise<WeightsAnswer>,
  ),
  file: lazily(async () => (await import("./sample-task.ts")).fileTask),
  phase: lazily(async () => (await import("./phase-task.ts")).phaseTask),
  raceAdvance: lazily(async () => (await import("./race-task.ts")).raceAdvanceTask),
  raceData: lazily(async () => (await import("./race-task.ts")).raceDataTask),
  raceRewind: lazily(
    async () => (await import("./race-task.ts")).raceRewindTask as (argument: undefined) => Promise<RaceAnswer>,
  ),
  raceStart: lazily(async () => (await import("./race-task.ts")).raceStartTask),
  recommend: lazily(async () => (await import("./recommend-task.ts")).recommendTask),
  sample: lazily(async () => (await import("./sample-task.ts")).sampleTask),
  signal: async (argument: SignalRequest, context: TaskContext<SignalDrawing>): Promise<SignalAnswer | null> =>
    (await import("./signal-task.ts")).signalTask(argument, context),
  tensor: lazily(async () => (await import("./weights-task.ts")).tensorTask),
  /** Loads the code that the first move of a slider needs. */
  warm: async (_: undefined): Promise<void> => {
    await Promise.all([import("./signal-task.ts"), import("./recommend-task.ts")]);
  },
  weights: lazily(async () => (await import("./weights-task.ts")).weightsTask),
};

/** The tasks by name, with their arguments and answers. */
export type Tasks = typeof tasks;

/** The message of a task. */
export interface TaskMessage {
  readonly id: number;
  readonly task: keyof Tasks;
  readonly argument: unknown;
  /** Whether a newer message for the same task replaces this one. */
  readonly isLatest: boolean;
}

/** The answer, or a part of it that is ready earlier. */
export interface AnswerMessage {
  readonly id: number;
  readonly part?: unknown;
  readonly answer?: unknown;
  readonly error?: string;
}

/** Loads the kernels as a separate file, which compresses better than the text embedded in the library. */
async function loadKernels(): Promise<void> {
  const response = await fetch(wasmUrl);
  if (!response.ok) throw new Error(`the kernels could not be loaded: HTTP ${response.status}`);
  configure({ module: await WebAssembly.compile(await response.arrayBuffer()) });
}

// Sequential: a step of a race must not run between two steps of another task.
const ready: Promise<void> = loadKernels();
let queue: Promise<void> = ready.catch(() => undefined);

const newest = new Map<keyof Tasks, number>();

// The event loop delivers messages between its tasks; the port creates such a task.
const { port1, port2 } = new MessageChannel();
let letGo: () => void = () => undefined;
port1.onmessage = (): void => letGo();
function messagesIn(): Promise<void> {
  return new Promise((resolve) => {
    letGo = resolve;
    port2.postMessage(null);
  });
}

const post = (message: AnswerMessage): void => self.postMessage(message);

async function answer({ id, task, argument, isLatest }: TaskMessage): Promise<void> {
  const context: TaskContext<unknown> = {
    show: (part) => post({ id, part }),
    isOutdated: async () => {
      if (!isLatest) return false;
      await messagesIn();
      return newest.get(task) !== id;
    },
  };
  try {
    await ready;
    if (await context.isOutdated()) return post({ id, answer: null });
    post({ id, answer: await (tasks[task] as (argument: unknown, context: unknown) => unknown)(argument, context) });
  } catch (error) {
    post({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

self.onmessage = ({ data }: MessageEvent<TaskMessage>): void => {
  newest.set(data.task, data.id);
  queue = queue.then(() => answer(data));
};
