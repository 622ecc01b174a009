// Runs one step of a long command and shows its title, progress and time on one line.
// The output of the step is shown only if it fails.
// @ts-check

import { spawn } from "node:child_process";

const REDRAW = 200; // milliseconds, on a terminal
const REPEAT = 10_000; // elsewhere, where every line remains

/**
 * Runs `command` and shows its progress on stderr.
 *
 * @param {string} title what the step does, such as `Install packages`
 * @param {string} command
 * @param {string[]} parameters
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, progressOf(line: string): string | undefined }} options
 *   `progressOf` takes a line of the output and returns the new progress, or undefined to keep it
 * @returns {Promise<number>} the exit code
 */
export async function runStage(title, command, parameters, { cwd, env, progressOf }) {
  const { stderr } = process;
  const isLive = stderr.isTTY === true;
  const start = Date.now();
  let progress = "";
  const seconds = () => Math.round((Date.now() - start) / 1000);
  const show = () => {
    const text = `${title}${progress && `: ${progress}`} (${seconds()} s)`;
    stderr.write(isLive ? `\r\x1b[2K${text.slice(0, (stderr.columns ?? 80) - 1)}` : `${text}\n`);
  };
  stderr.write(isLive ? title : `${title}\n`);
  const timer = setInterval(show, isLive ? REDRAW : REPEAT);
  /** @type {string[]} */
  const output = [];
  let rest = "";
  /** @param {string} text */
  const read = (text) => {
    output.push(text);
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) progress = progressOf(line) ?? progress;
  };
  try {
    const child = spawn(command, parameters, {
      cwd,
      env,
      stdio: ["inherit", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    /** @type {number} */
    const status = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
    });
    progress = status === 0 ? "done" : `exit code ${status}`;
    show();
    if (isLive) stderr.write("\n");
    if (status !== 0) stderr.write(output.join(""));
    return status;
  } finally {
    clearInterval(timer);
  }
}
