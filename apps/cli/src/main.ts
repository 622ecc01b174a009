// `fanin`: finds the command, reads its arguments, runs it, and turns what went wrong into a message and an exit code.

import type { Surroundings } from "./command.ts";
import { commands } from "./commands/index.ts";
import { type ExitCode, exitCodeOf, exitCodes, isBug, messageOf, usageError } from "./exit-codes.ts";
import { commandHelp, generalHelp } from "./help.ts";

/** Runs one command line, the words after `fanin`; returns the exit code. */
export async function main(words: readonly string[]): Promise<ExitCode> {
  const { stdout, stderr, env: environment } = process;
  const surroundings: Surroundings = { commands, stdout, stderr, environment };
  // `fanin list | head -1`: a reader that has enough is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(exitCodes.fine);
  });
  try {
    return await dispatch(words, surroundings);
  } catch (error) {
    const exitCode = exitCodeOf(error);
    surroundings.stderr.write(`fanin: ${messageOf(error)}\n`);
    if (error instanceof Error && isBug(error)) {
      surroundings.stderr.write(`This is a bug in fanin.\n${error.stack}\n`);
    }
    return exitCode;
  }
}

async function dispatch(words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  if (words[0] === "help" && words[1] !== undefined) return dispatch([...words.slice(1), "--help"], surroundings);
  const [name, ...rest] = words;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    surroundings.stdout.write(generalHelp(commands));
    return name === undefined ? exitCodes.usage : exitCodes.fine;
  }
  if (name === "--version") {
    const { VERSION } = await import("@fanin/lab");
    surroundings.stdout.write(`${VERSION}\n`);
    return exitCodes.fine;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry) {
    const { suggestion } = await import("@fanin/core");
    throw usageError(`unknown command ${name}${suggestion(name, Object.keys(commands))}`);
  }
  const command = await entry.load();
  // Loaded here, because it brings the library, which `fanin --help` is not to wait for.
  const { readArguments } = await import("./read-arguments.ts");
  const invocation = readArguments(name, command, rest, surroundings);
  if (invocation.isSet("help")) {
    surroundings.stdout.write(commandHelp(name, command));
    return exitCodes.fine;
  }
  return command.run(invocation);
}
