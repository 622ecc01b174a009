// The page's side of the worker: each task is a promise; of one that is asked again and again only the newest is answered.

import { trustedWorker } from "../trusted.ts";
import type { AnswerMessage, TaskMessage, Tasks } from "./compute-worker.ts";
import workerUrl from "./compute-worker.ts?worker&url";
import type { Course } from "./course.ts";

type Argument<K extends keyof Tasks> = Parameters<Tasks[K]>[0];
type Answer<K extends keyof Tasks> = Awaited<ReturnType<Tasks[K]>>;

/** An answer that is one: to a task that a newer one made idle the worker answers null. */
type Whole<K extends keyof Tasks> = NonNullable<Answer<K>>;
/** What a task shows before its answer. */
type Part<K extends keyof Tasks> = Parameters<Tasks[K]> extends [unknown, Course<infer P>] ? P : never;

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
  const error = new Error(event.message || "the worker could not be started");
  for (const waiting of pending.values()) waiting.reject(error);
  pending.clear();
};

function send(task: keyof Tasks, argument: unknown, isLatest: boolean, waiting: Pending): void {
  const id = ++lastId;
  pending.set(id, waiting);
  worker.postMessage({ id, task, argument, isLatest } satisfies TaskMessage);
}

/** Asks the worker; the promise is rejected with what it found wrong. */
export function ask<K extends keyof Tasks>(task: K, argument: Argument<K>): Promise<Whole<K>> {
  return new Promise((resolve, reject) => {
    send(task, argument, false, {
      show: () => undefined,
      resolve: resolve as (answer: unknown) => void,
      reject,
    });
  });
}

/** What is done with the answers of a task that is asked again and again. */
interface Listener<K extends keyof Tasks> {
  onPart?(part: Part<K>): void;
  onAnswer(answer: Whole<K>): void;
  onError(message: string): void;
}

/** A task that is asked again and again: the worker drops what a newer question made idle, and answers come in order. */
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
