// The thread that computes: takes a task by name and answers it, or says what was wrong with it.

import { configure } from "@fanin/core";
import wasmUrl from "@fanin/kernels/kernels-dense.wasm?url";
import type { Course } from "./course.ts";
import type { RaceAnswer } from "./race-task.ts";
import type { SignalAnswer, SignalDrawing, SignalRequest } from "./signal-task.ts";
import type { WeightsAnswer } from "./weights-task.ts";

/** A task whose code is fetched when it is first asked for, so that the first paint does not wait for it. */
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
  signal: async (argument: SignalRequest, course: Course<SignalDrawing>): Promise<SignalAnswer | null> =>
    (await import("./signal-task.ts")).signalTask(argument, course),
  tensor: lazily(async () => (await import("./weights-task.ts")).tensorTask),
  /** Fetches what the first move of a slider will need. */
  warm: async (_: undefined): Promise<void> => {
    await Promise.all([import("./signal-task.ts"), import("./recommend-task.ts")]);
  },
  weights: lazily(async () => (await import("./weights-task.ts")).weightsTask),
};

/** The tasks with their arguments and answers, which the page calls by name. */
export type Tasks = typeof tasks;

/** A task as it is sent. */
export interface TaskMessage {
  readonly id: number;
  readonly task: keyof Tasks;
  readonly argument: unknown;
  /** Whether a newer message for the same task makes this one idle. */
  readonly isLatest: boolean;
}

/** Its answer, or a part of it that is there before the rest. */
export interface AnswerMessage {
  readonly id: number;
  readonly part?: unknown;
  readonly answer?: unknown;
  readonly error?: string;
}

/** The kernels as a file of their own, which compresses better than the text that the library embeds. */
async function loadKernels(): Promise<void> {
  const response = await fetch(wasmUrl);
  if (!response.ok) throw new Error(`the kernels could not be loaded: HTTP ${response.status}`);
  configure({ module: await WebAssembly.compile(await response.arrayBuffer()) });
}

// One after the other: a race's step must not begin while another task is between two of its own.
const ready: Promise<void> = loadKernels();
let queue: Promise<void> = ready.catch(() => undefined);

const newest = new Map<keyof Tasks, number>();

// Messages are delivered between tasks of the event loop, one of which the port makes.
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
  const course: Course<unknown> = {
    show: (part) => post({ id, part }),
    isOutdated: async () => {
      if (!isLatest) return false;
      await messagesIn();
      return newest.get(task) !== id;
    },
  };
  try {
    await ready;
    if (await course.isOutdated()) return post({ id, answer: null });
    post({ id, answer: await (tasks[task] as (argument: unknown, course: unknown) => unknown)(argument, course) });
  } catch (error) {
    post({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

self.onmessage = ({ data }: MessageEvent<TaskMessage>): void => {
  newest.set(data.task, data.id);
  queue = queue.then(() => answer(data));
};
