// The page's side of the worker: each task is a promise. Of repeated requests for a task, only the newest is answered.

import { trustedWorker } from "../trusted.ts";
import type { AnswerMessage, TaskMessage, Tasks } from "./compute-worker.ts";
import workerUrl from "./compute-worker.ts?worker&url";
import type { TaskContext } from "./task-context.ts";

type Argument<K extends keyof Tasks> = Parameters<Tasks[K]>[0];
type Answer<K extends keyof Tasks> = Awaited<ReturnType<Tasks[K]>>;

/** The type of an answer without null, which the worker sends for an outdated task. */
type Whole<K extends keyof Tasks> = NonNullable<Answer<K>>;
/** The partial answer of a task. */
type Part<K extends keyof Tasks> = Parameters<Tasks[K]> extends [unknown, TaskContext<infer P>] ? P : never;

interface Pending {
  show(part: unknown): void;
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

const worker = new Worker(trustedWorker(workerUrl), { type: "module", name: "fanin" });
const pending = new Map<number, Pending>();
let lastId = 0;

worker.onmessage = ({ data }: MessageEvent<AnswerMessage>): void => {
  const waiting = pending.get(data.id);
  if ("part" in data) {
    waiting?.show(data.part);
    return;
  }
  pending.delete(data.id);
  if (data.error === undefined) waiting?.resolve(data.answer);
  else waiting?.reject(new Error(data.error));
};
worker.onerror = (event): void => {
  const error = new Error(event.message || "the worker did not start");
  for (const waiting of pending.values()) waiting.reject(error);
  pending.clear();
};

function send(task: keyof Tasks, argument: unknown, isLatest: boolean, waiting: Pending): void {
  const id = ++lastId;
  pending.set(id, waiting);
  worker.postMessage({ id, task, argument, isLatest } satisfies TaskMessage);
}

/** Sends a task to the worker; the promise rejects with its error. */
export function ask<K extends keyof Tasks>(task: K, argument: Argument<K>): Promise<Whole<K>> {
  return new Promise((resolve, reject) => {
    send(task, argument, false, {
      show: () => undefined,
      resolve: resolve as (answer: unknown) => void,
      reject,
    });
  });
}

/** Callbacks for the answers of a repeated task. */
interface Listener<K extends keyof Tasks> {
  onPart?(part: Part<K>): void;
  onAnswer(answer: Whole<K>): void;
  onError(message: string): void;
}

/** A repeated task: the worker drops outdated requests, and answers arrive in order. */
export function latest<K extends keyof Tasks>(task: K, listener: Listener<K>): (argument: Argument<K>) => void {
  return (argument) =>
    send(task, argument, true, {
      show: (part) => listener.onPart?.(part as Part<K>),
      resolve: (answer) => {
        if (answer !== null) listener.onAnswer(answer as Whole<K>);
      },
      reject: ({ message }) => listener.onError(message),
    });
}
