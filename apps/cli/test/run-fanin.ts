// Runs the built command.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../bin/fanin.mjs", import.meta.url));

/** The result of a run of the command. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link fanin}. */
export interface RunOptions {
  readonly cwd?: string;
  /** Called with stderr whenever it grows; may signal the process. */
  readonly watch?: (stderr: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** Called after the start; may signal the process later. */
  readonly started?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** Additional environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs `fanin` with the given arguments. */
export function fanin(
  words: readonly string[],
  { cwd, watch, started, environment }: RunOptions = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...words], {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let isKilled = false;
    const kill = (signal: NodeJS.Signals): void => {
      isKilled = true;
      child.kill(signal);
    };
    started?.(kill);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      watch?.(stderr, kill);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code !== null || isKilled) resolve({ code, stdout, stderr });
      else reject(new Error(`fanin ${words.join(" ")} died of ${signal}: ${stderr.slice(-2000)}`));
    });
  });
}
