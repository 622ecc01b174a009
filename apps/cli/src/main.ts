// `fanin`: finds the command, parses its arguments, runs it, and converts errors to a message and an exit code.

import type { Surroundings } from "./command.ts";
import { commands } from "./commands/index.ts";
import { type ExitCode, exitCodeOf, exitCodes, isBug, messageOf, usageError } from "./exit-codes.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { guardOutput } from "./terminal/guarded-output.ts";

/** Runs a command line, without the leading `fanin`; returns the exit code. */
export async function main(words: readonly string[]): Promise<ExitCode> {
  const outputs = [guardOutput(process.stdout, 1), guardOutput(process.stderr, 2)];
  const exitCode = await run(words);
  for (const [i, output] of outputs.entries()) {
    const failure = await output.settle();
    // After an interruption, incomplete output is expected.
    if (failure === undefined || exitCode === exitCodes.interrupted) continue;
    process.stderr.write(`fanin: ${i === 0 ? "stdout" : "stderr"}: ${failure.message}\n`);
    return exitCodes.io;
  }
  return exitCode;
}

async function run(words: readonly string[]): Promise<ExitCode> {
  const { stdout, stderr, env: environment } = process;
  const surroundings: Surroundings = { commands, stdout, stderr, environment };
  try {
    return await dispatch(words, surroundings);
  } catch (error) {
    const exitCode = exitCodeOf(error);
    const { withoutPassword } = await import("./queue/without-password.ts");
    surroundings.stderr.write(`fanin: ${withoutPassword(messageOf(error))}\n`);
    if (error instanceof Error && isBug(error)) {
      surroundings.stderr.write(`This is a bug in fanin.\n${withoutPassword(error.stack ?? "")}\n`);
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
    const { VERSION } = await import("@fanin/core");
    surroundings.stdout.write(`${VERSION}\n`);
    return exitCodes.fine;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry) {
    const { suggestion } = await import("@fanin/tensor/arguments");
    throw usageError(`unknown command ${name}${suggestion(name, Object.keys(commands))}`);
  }
  const command = await entry.load();
  // Loaded here, because `fanin --help` must not wait for the library.
  const { readArguments } = await import("./read-arguments.ts");
  const invocation = readArguments(name, command, rest, surroundings);
  if (invocation.isSet("help")) {
    surroundings.stdout.write(commandHelp(name, command));
    return exitCodes.fine;
  }
  return command.run(invocation);
}
