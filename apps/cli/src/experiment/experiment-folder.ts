// The output folder of a comparison or a sweep: a description, a file for each finished run, and the state of active runs.
// Files are written atomically, so that an interrupted process can resume.

import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { TEMPORARY_ENDING, writeFileAtomically } from "@fanin/formats/node";
import type { Schema } from "@fanin/formats/record-schema";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { type FolderLock, lockFolder } from "../folder-lock.ts";
import { ownFileError, readOwnFile, withChecksum, withoutChecksum } from "./own-file.ts";

const RUNS = "runs";
const CHECKPOINTS = "checkpoints";
const REMOVE = "; remove it to repeat the run";

/** The purpose of a folder. */
interface Claim {
  /** The file that describes the folder. */
  readonly file: string;
  readonly text: string;
  /** Describes a folder with a different file, such as `another sweep`. */
  readonly nameOther: (text: string) => string;
  /** Whether to drop the state of active runs. */
  readonly isAnew: boolean;
}

/** A folder of runs, for one writing process at a time. */
export class ExperimentFolder {
  readonly path: string;
  #lock: FolderLock | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes the folder, takes its lock, and writes its description; keeps finished runs of the same experiment.
   *
   * @throws CommandError if it contains something else, is in use, or cannot be written.
   */
  protected async claim({ file, text, nameOther, isAnew }: Claim): Promise<void> {
    try {
      await mkdir(this.path, { recursive: true });
      const present = await readFile(join(this.path, file), "utf8").catch(() => undefined);
      if (present !== undefined && present !== text) {
        const other = nameOther(present);
        throw new CommandError(exitCodes.usage, `--out: ${this.path} contains ${other}; choose another folder`);
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

  /** Takes the lock, and removes incomplete files of killed processes. */
  async open(): Promise<void> {
    this.#lock = await lockFolder(this.path);
    for (const part of [".", RUNS, CHECKPOINTS]) {
      const folder = join(this.path, part);
      await mkdir(folder, { recursive: true });
      const begun = (await readdir(folder)).filter((name) => name.endsWith(TEMPORARY_ENDING));
      for (const name of begun) await rm(join(folder, name), { force: true });
    }
  }

  /** Releases the lock. */
  async release(): Promise<void> {
    await this.#lock?.release();
    this.#lock = null;
  }

  /**
   * Reads the file that `claim` wrote.
   *
   * @param asker the argument, such as `--resume`, for the message.
   * @param kind the expected content, such as `sweep`, for the message.
   * @throws CommandError if it is missing (I/O), or does not match `schema` (malformed).
   */
  protected async readClaim(file: string, asker: string, kind: string, schema: Schema): Promise<unknown> {
    const path = join(this.path, file);
    const text = await readFile(path, "utf8").catch((error: Error) => {
      throw new CommandError(exitCodes.io, `${asker}: no ${kind} in ${this.path}: ${error.message}`, { cause: error });
    });
    return readOwnFile(path, text, schema);
  }

  /** Returns the path of the state of the active run `name`. */
  protected checkpointOf(name: string): string {
    return join(this.path, CHECKPOINTS, `${name}.bin`);
  }

  /** Saves the JSON of a finished run with its checksum, and removes its state. */
  protected async writeRun(name: string, json: string): Promise<void> {
    await this.write(join(RUNS, `${name}.json`), withChecksum(json));
    await rm(this.checkpointOf(name), { force: true });
  }

  /** Reads the text of the run `name`, unchecked; undefined if it is missing. */
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
   * Reads the run `name`; undefined if it is missing.
   *
   * @throws CommandError (malformed) if its checksum is wrong, or if it does not match `schema`.
   */
  protected async readRunFile(name: string, schema: Schema): Promise<unknown> {
    const path = this.#runPath(name);
    const text = await this.runText(name);
    if (text === undefined) return undefined;
    const checked = withoutChecksum(text);
    if ("wrong" in checked) throw ownFileError(path, `is damaged: ${checked.wrong}`, REMOVE);
    return readOwnFile(path, checked.body, schema, REMOVE);
  }

  /** Writes a file of the folder atomically; returns its path. */
  async write(name: string, text: string): Promise<string> {
    const path = join(this.path, name);
    await writeFileAtomically(path, new TextEncoder().encode(text), { force: true });
    return path;
  }
}

/** Parses JSON; undefined for invalid text. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
