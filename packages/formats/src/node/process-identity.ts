// Which process something belongs to, so that another one can tell whether it is gone: number, start and machine.
// Source: proc(5) for the time of a start; a number alone is given again to a later process.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** A process, as a file can say it. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Stands for the moment of its start; empty where the system does not tell it. */
  readonly start: string;
}

/** Twelve hexadecimal digits. */
const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

/** The moment when a process of this machine started; empty where that is not known, undefined where it is over. */
function startOf(pid: number): string | undefined {
  if (process.platform !== "linux") {
    if (process.platform === "win32") return "";
    const { status, stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    return status === 0 && stdout.trim() !== "" ? digest(stdout.trim()) : "";
  }
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, a name in parentheses, may have spaces and parentheses itself.
    const [state, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // A process that has ended, and whose parent has not asked for its exit code.
    if (state === "Z" || state === "X") return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return digest(`${boot} ${fields[18]}`);
  } catch {
    return "";
  }
}

let own: ProcessIdentity | undefined;

/**
 * This process.
 *
 * @example
 * ownIdentity().pid === process.pid; // => true
 */
export function ownIdentity(): ProcessIdentity {
  own ??= { pid: process.pid, host: hostname(), start: startOf(process.pid) ?? "" };
  return own;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Whether a process is known to be over: one of another machine never is, however long it is silent.
 *
 * @example
 * isGone(ownIdentity()); // => false
 */
export function isGone({ pid, host, start }: ProcessIdentity): boolean {
  if (host !== hostname()) return false;
  if (!(Number.isSafeInteger(pid) && pid > 0) || !isRunning(pid)) return true;
  const now = startOf(pid);
  return now === undefined || (now !== "" && start !== "" && now !== start);
}

const hostTag = (host: string): string => digest(host).slice(0, 8);

/** What the name of a temporary file of this process has in it. */
export function identityTag(): string {
  const { pid, host, start } = ownIdentity();
  return `${hostTag(host)}-${pid}-${start}`;
}

/** Whether the process whose tag is in a temporary file's name is known to be over. */
export function isTagGone(tag: string): boolean {
  const [host, pid, start = ""] = tag.split("-");
  const here = hostname();
  return host === hostTag(here) && isGone({ pid: Number(pid), host: here, start });
}
