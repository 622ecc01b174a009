// The context of a long task: sends partial answers, and reports whether a newer request replaces it.

/** The context of a task. */
export interface TaskContext<Part = never> {
  /** Sends a partial answer. */
  show(part: Part): void;
  /** Processes pending messages, and returns whether a newer request replaces this one. */
  isOutdated(): Promise<boolean>;
}

/** A context without a listener, for the build and for tasks with a single answer. */
export const unwatched: TaskContext<unknown> = {
  show: () => undefined,
  isOutdated: () => Promise.resolve(false),
};
