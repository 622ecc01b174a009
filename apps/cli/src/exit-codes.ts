// What the exit code of `fanin` means.

/** 1 is for findings, 2 and up for reasons why there is no result. */
export const exitCodes = {
  fine: 0,
  findings: 1,
  usage: 2,
  malformed: 3,
  io: 4,
  internal: 5,
  interrupted: 130,
} as const;

/** What each exit code says, for help texts. */
export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  fine: "fine",
  findings: "findings",
  usage: "usage",
  malformed: "malformed file",
  io: "I/O",
  internal: "internal",
  interrupted: "interrupted",
};

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A reason to stop, with the exit code that tells it. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CommandError";
    this.exitCode = exitCode;
  }
}

/** A mistake in how the command was called. */
export function usageError(message: string, options?: ErrorOptions): CommandError {
  return new CommandError(exitCodes.usage, message, options);
}

/**
 * The exit code of anything thrown: a system's error is I/O, what no command has given a code is a bug of ours. What the
 * library says of the user's arguments is made a usage error where they are handed over (user-arguments.ts).
 */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof Error && error.name === "MalformedFileError") return exitCodes.malformed;
  if (error instanceof Error && (error.name === "OutputExistsError" || error.name === "QueueError"))
    return exitCodes.io;
  // ENOENT, ENOSPC, ...: also of a file that was looked for in a listing, where no call has failed.
  if (error instanceof Error && /^E[A-Z0-9]+$/.test(String((error as NodeJS.ErrnoException).code))) return exitCodes.io;
  // A path with a NUL, which no system can have.
  if (error instanceof TypeError && (error as NodeJS.ErrnoException).code === "ERR_INVALID_ARG_VALUE") {
    return exitCodes.usage;
  }
  return exitCodes.internal;
}

/** Whether what was thrown is a fault of this program: not one that it foresaw, nor the end of a thread. */
export function isBug(error: Error): boolean {
  return (
    exitCodeOf(error) === exitCodes.internal && !(error instanceof CommandError) && error.name !== "ThreadDeathError"
  );
}

/** What a thrown value says to a user: of a failed system call the path first, then the reason. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { syscall, code, path } = error as NodeJS.ErrnoException;
  if (syscall === undefined || code === undefined || path === undefined) return error.message;
  // Node's text is `ENOENT: no such file or directory, open 'model.npz'`.
  const [, reason = code] = /^\w+: (.*?), \w+/.exec(error.message) ?? [];
  return `${path}: ${reason} (${code})`;
}
