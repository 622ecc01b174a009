// What a long task sees of the page while it runs: someone to show its parts to, and whether the rest is still wanted.

/** Given to each task. */
export interface Course<Part = never> {
  /** Sends what is there already. */
  show(part: Part): void;
  /** Lets messages in, and says whether a newer question has come that makes this one idle. */
  isOutdated(): Promise<boolean>;
}

/** Of a task that nobody follows: at build time, and where one answer is all. */
export const unwatched: Course<unknown> = {
  show: () => undefined,
  isOutdated: () => Promise.resolve(false),
};
