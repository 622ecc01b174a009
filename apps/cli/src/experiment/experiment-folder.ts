// A folder that the runs of a comparison or a sweep are written to: what it holds, a file for each finished run, the
// state of those under way. Every file appears whole or not at all, so that whoever was stopped goes on from what is there.

import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { TEMPORARY_ENDING, writeFileAtomically } from "@fanin/formats/node";
import type { Schema } from "@fanin/formats/record-schema";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { type FolderLock, lockFolder } from "../folder-lock.ts";
import { ownFileError, readOwnFile, withChecksum, withoutChecksum } from "./own-file.ts";

const RUNS = "runs";
const CHECKPOINTS = "checkpoints";
const REMOVE = "; remove it to run it again";

/** What a folder is made for. */
interface Claim {
  /** The file that says what the folder holds. */
  readonly file: string;
  readonly text: string;
  /** What a folder holds whose file says something else, such as `another sweep`. */
  readonly nameOther: (text: string) => string;
  /** Whether the state of runs that were under way is dropped. */
  readonly isAnew: boolean;
}

/** A folder that one process at a time writes runs to. */
export class ExperimentFolder {
  readonly path: string;
  #lock: FolderLock | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes the folder, takes its lock, and writes what it holds; finished runs of the same stay.
   *
   * @throws CommandError where it holds something else, is in use, or cannot be written.
   */
  protected async claim({ file, text, nameOther, isAnew }: Claim): Promise<void> {
    try {
      await mkdir(this.path, { recursive: true });
      const present = await readFile(join(this.path, file), "utf8").catch(() => undefined);
      if (present !== undefined && present !== text) {
        const other = nameOther(present);
        throw new CommandError(exitCodes.usage, `--out: ${this.path} holds ${other}; choose another folder`);
      }
      await this.open();
      if (isAnew) {
        await rm(join(this.path, CHECKPOINTS), { recursive: true, force: true });
        await mkdir(join(this.path, CHECKPOINTS));
      }
      await this.write(file, text);
    } catch (error) {
      await this.release();
      if (error instanceof CommandError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new CommandError(exitCodes.io, `--out: cannot write to ${this.path}: ${reason}`, { cause: error });
    }
  }

  /** Takes the lock, and removes what a process that was killed had begun to write. */
  async open(): Promise<void> {
    this.#lock = await lockFolder(this.path);
    for (const part of [".", RUNS, CHECKPOINTS]) {
      const folder = join(this.path, part);
      await mkdir(folder, { recursive: true });
      const begun = (await readdir(folder)).filter((name) => name.endsWith(TEMPORARY_ENDING));
      for (const name of begun) await rm(join(folder, name), { force: true });
    }
  }

  /** Gives the lock back. */
  async release(): Promise<void> {
    await this.#lock?.release();
    this.#lock = null;
  }

  /**
   * What the file that `claim` wrote says.
   *
   * @param asker what asks for it, such as `--resume`, for the message.
   * @param kind what the folder should hold, such as `sweep`, for the message.
   * @throws CommandError where there is none (I/O), or one that does not fit `schema` (malformed).
   */
  protected async readClaim(file: string, asker: string, kind: string, schema: Schema): Promise<unknown> {
    const path = join(this.path, file);
    const text = await readFile(path, "utf8").catch((error: Error) => {
      throw new CommandError(exitCodes.io, `${asker}: no ${kind} in ${this.path}: ${error.message}`, { cause: error });
    });
    return readOwnFile(path, text, schema);
  }

  /** Where the state of the run called `name` is while it is under way. */
  protected checkpointOf(name: string): string {
    return join(this.path, CHECKPOINTS, `${name}.bin`);
  }

  /** Saves the JSON of a finished run with its checksum; the state of the run is no longer needed. */
  protected async writeRun(name: string, json: string): Promise<void> {
    await this.write(join(RUNS, `${name}.json`), withChecksum(json));
    await rm(this.checkpointOf(name), { force: true });
  }

  /** The text of the file of the run called `name`, not looked at; undefined where it is not there. */
  async runText(name: string): Promise<string | undefined> {
    return await readFile(this.#runPath(name), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
  }

  #runPath(name: string): string {
    return join(this.path, RUNS, `${name}.json`);
  }

  /**
   * What the file of the run called `name` says; undefined where it is not there.
   *
   * @throws CommandError (malformed) where its checksum is wrong, or it does not fit `schema`.
   */
  protected async readRunFile(name: string, schema: Schema): Promise<unknown> {
    const path = this.#runPath(name);
    const text = await this.runText(name);
    if (text === undefined) return undefined;
    const checked = withoutChecksum(text);
    if ("wrong" in checked) throw ownFileError(path, `is damaged: ${checked.wrong}`, REMOVE);
    return readOwnFile(path, checked.body, schema, REMOVE);
  }

  /** Writes a file of the folder, whole or not at all; returns its path. */
  async write(name: string, text: string): Promise<string> {
    const path = join(this.path, name);
    await writeFileAtomically(path, new TextEncoder().encode(text), { force: true });
    return path;
  }
}

/** The value that `text` is the JSON of; undefined where it is of none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
