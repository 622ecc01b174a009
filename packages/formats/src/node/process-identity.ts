// Identifies a process by pid, start time and machine, so that another process can tell whether it has ended.
// Source: proc(5) for the start time; a pid alone is reused by later processes.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** The identity of a process, as stored in files. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** The start time; empty if the system does not provide it. */
  readonly start: string;
}

/** The machine, as twelve hexadecimal digits. */
const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

/** Returns the start time of a process of this machine: empty if unknown, undefined if the process has ended. */
function startOf(pid: number): string | undefined {
  if (process.platform !== "linux") {
    if (process.platform === "win32") return "";
    const { status, stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    return status === 0 && stdout.trim() !== "" ? digest(stdout.trim()) : "";
  }
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, a name in parentheses, may contain spaces and parentheses.
    const [state, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // A zombie: it has ended, and its parent has not read its exit code.
    if (state === "Z" || state === "X") return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return digest(`${boot} ${fields[18]}`);
  } catch {
    return "";
  }
}

let own: ProcessIdentity | undefined;

/**
 * Returns the identity of this process.
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
    // EPERM: it runs as another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Whether a process is known to have ended. This is never known for a process of another machine.
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

/** Returns the tag of this process in the names of its temporary files. */
export function identityTag(): string {
  const { pid, host, start } = ownIdentity();
  return `${hostTag(host)}-${pid}-${start}`;
}

/** Whether the process with this tag is known to have ended. */
export function isTagGone(tag: string): boolean {
  const [host, pid, start = ""] = tag.split("-");
  const here = hostname();
  return host === hostTag(here) && isGone({ pid: Number(pid), host: here, start });
}
