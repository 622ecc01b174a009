// The type of a command: its help texts, its table of options, and its code.

import type { ExitCode } from "./exit-codes.ts";

/** One option, `--name VALUE` or, without `value`, a switch. */
export interface Option {
  /** The placeholder of the value in the help, such as `N`; absent for a switch. */
  readonly value?: string;
  readonly help: string;
  /** Shown in the help. */
  readonly default?: string;
  /** The allowed values, if they are few; shells complete them. */
  readonly choices?: readonly string[];
  /** Whether the value is a comma-separated list of choices. */
  readonly isList?: boolean;
}

/** A command that is not loaded yet. */
export interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** The output streams and the environment of a command. */
export interface Surroundings {
  /** Every command by its name. */
  readonly commands: Readonly<Record<string, CommandEntry>>;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A parsed command line, checked against the tables. */
export interface Invocation extends Surroundings {
  readonly positionals: readonly string[];
  /** Returns the text of an option with a value. */
  option(name: string): string | undefined;
  /** Whether a switch is set. */
  isSet(name: string): boolean;
  /** The equivalent command line, for reports. */
  readonly commandLine: string;
}

/** A command. */
export interface Command {
  readonly summary: string;
  readonly usage: string;
  readonly examples: readonly string[];
  /** Names of the positional arguments: `[name]` is optional and comes last, `name...` means one or more. */
  readonly positionals: readonly string[];
  /** The allowed values of positional arguments, by name. Shells complete them, and files for FILE, IN or OUT. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** The meaning of exit code 1; absent for commands without findings. */
  readonly findings?: string;
  readonly options: Readonly<Record<string, Option>>;
  run(invocation: Invocation): Promise<ExitCode>;
}

/** `--seed`, for commands that draw. */
export const seedOption: Option = { value: "N", help: "seed, or the first of several seeds", default: "0" };

/** The options of every command. */
export const commonOptions: Readonly<Record<string, Option>> = {
  json: { help: "print the result as one JSON object" },
  quiet: { help: "print no progress on stderr" },
  "no-color": { help: "print plain text; also NO_COLOR" },
  help: { help: "show this help; also -h" },
};
