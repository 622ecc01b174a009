// What a command is: its words for help, its options as a table, and what it does.

import type { ExitCode } from "./exit-codes.ts";

/** One option, `--name VALUE` or, without `value`, a switch. */
export interface Option {
  /** What stands for the value in the help, such as `N`; absent for a switch. */
  readonly value?: string;
  readonly help: string;
  /** Shown in the help. */
  readonly default?: string;
  /** The words that the value may be, where they are few; shells complete them. */
  readonly choices?: readonly string[];
  /** Whether the value is several of those words with commas between them. */
  readonly isList?: boolean;
}

/** A command before it is loaded. */
export interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Where a command writes and what it may know of its surroundings. */
export interface Surroundings {
  /** Every command by its name. */
  readonly commands: Readonly<Record<string, CommandEntry>>;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A command line, read and checked against the tables. */
export interface Invocation extends Surroundings {
  readonly positionals: readonly string[];
  /** The text of an option that takes a value. */
  option(name: string): string | undefined;
  /** Whether a switch is set. */
  isSet(name: string): boolean;
  /** The command line that would do the same, for reports. */
  readonly commandLine: string;
}

/** One command. */
export interface Command {
  readonly summary: string;
  readonly usage: string;
  readonly examples: readonly string[];
  /** Names of the positional arguments: `[name]` may be missing and comes last, `name...` stands for one or more. */
  readonly positionals: readonly string[];
  /** The words that a positional argument may be, by its name; shells complete them, and files for one named FILE, IN or OUT. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** What exit code 1 says of this command; absent where it has no findings. */
  readonly findings?: string;
  readonly options: Readonly<Record<string, Option>>;
  run(invocation: Invocation): Promise<ExitCode>;
}

/** `--seed`, for the commands that draw. */
export const seedOption: Option = { value: "N", help: "the seed; of several runs, the first", default: "0" };

/** The options of every command. */
export const commonOptions: Readonly<Record<string, Option>> = {
  json: { help: "print the result as one JSON object" },
  quiet: { help: "no progress on stderr" },
  "no-color": { help: "plain text (also by NO_COLOR)" },
  help: { help: "show this help; also -h" },
};
