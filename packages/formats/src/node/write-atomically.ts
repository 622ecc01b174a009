// Writes files atomically: under a temporary name, flushed to disk, then renamed.

import { randomBytes } from "node:crypto";
import { type FileHandle, link, lstat, open, readdir, rename, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { identityTag, isTagGone } from "./process-identity.ts";
import { syncFolder } from "./sync-folder.ts";

/** The ending of names of incomplete files, including those that a killed process leaves behind. */
export const TEMPORARY_ENDING = ".tmp";

/** Options for writing files atomically. */
export interface PlaceOptions {
  /** Replaces existing files; otherwise an existing file is an error. Defaults to false. */
  readonly force?: boolean;
  /** A folder of the same file system for incomplete files. Defaults to the folder of each file. */
  readonly staging?: string;
}

/** A file to write. */
export interface FileToWrite {
  readonly path: string;
  chunks(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * The error of a write to a name that exists already; nothing was written.
 *
 * @example
 * await writeFileAtomically("build/exists.bin", new Uint8Array(4), { force: true });
 * const second = writeFileAtomically("build/exists.bin", new Uint8Array(4)).catch((error: unknown) => error);
 * (await second) instanceof OutputExistsError; // => true
 */
export class OutputExistsError extends Error {
  override readonly name: string = "OutputExistsError";
  readonly code = "E_OUTPUT_EXISTS" as const;
  readonly path: string;

  constructor(path: string, options?: ErrorOptions) {
    super(
      `path: expected a new file, got ${JSON.stringify(path)}, which exists; force replaces it (E_OUTPUT_EXISTS)`,
      options,
    );
    this.path = path;
  }
}

/** A complete file under a temporary name. */
export interface Staged {
  readonly path: string;
  readonly temporary: string;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** Returns what exists at `path`; does not follow a link. */
async function kindAt(path: string): Promise<"nothing" | "a folder" | "a file"> {
  try {
    return (await lstat(path)).isDirectory() ? "a folder" : "a file";
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "nothing";
    throw error;
  }
}

/** Throws if the name is taken. */
export async function expectFree(path: string, force: boolean): Promise<void> {
  const kind = await kindAt(path);
  if (kind === "a folder") throw new TypeError(`path: expected a file's name, got the folder ${JSON.stringify(path)}`);
  if (kind === "a file" && !force) throw new OutputExistsError(path);
}

async function writeAll(handle: FileHandle, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) {
    let written = 0;
    // One write may be partial, and no system writes 2 GiB at once.
    while (written < chunk.length) {
      written += (await handle.write(chunk, written, Math.min(chunk.length - written, 2 ** 30))).bytesWritten;
    }
  }
}

const tidied = new Set<string>();

/** Removes incomplete files of ended processes from a folder; only once, because a folder may have thousands of files. */
async function tidy(folder: string): Promise<void> {
  const path = resolve(folder);
  if (tidied.has(path)) return;
  tidied.add(path);
  for (const name of await readdir(path).catch(() => [])) {
    const [, tag] = /^\..*\.([0-9a-f]{8}-\d+-[0-9a-f]*)\.[0-9a-f]{12}\.tmp$/.exec(name) ?? [];
    if (tag !== undefined && isTagGone(tag)) await unlink(join(path, name)).catch(() => undefined);
  }
}

/**
 * Makes a name in `folder` for an incomplete file. It identifies the writing process, so that a later one can remove the file.
 *
 * @example
 * temporaryName("build", "weights.npz").endsWith(".tmp"); // => true
 */
export function temporaryName(folder: string, name: string): string {
  const random = randomBytes(6).toString("hex");
  return join(folder, `.${name.slice(0, 100)}.${identityTag()}.${random}${TEMPORARY_ENDING}`);
}

/** Writes a complete file under a temporary name. */
export async function stage({ path, chunks }: FileToWrite, staging: string = dirname(path)): Promise<Staged> {
  await tidy(staging);
  const temporary = temporaryName(staging, basename(path));
  // "wx" creates or fails, so it does not follow a planted link.
  const handle = await open(temporary, "wx").catch((error: NodeJS.ErrnoException) => {
    // The caller does not know the temporary name.
    throw Object.assign(error, { path, message: error.message.replace(temporary, path) });
  });
  try {
    await writeAll(handle, chunks());
    await handle.sync();
    await handle.close();
    return { path, temporary };
  } catch (error) {
    await handle.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

/** Moves a staged file to its path; without `force`, does not replace a file created in the meantime. */
export async function place({ path, temporary }: Staged, force: boolean): Promise<void> {
  if (force) return rename(temporary, path);
  try {
    // Unlike a rename, a link fails if the name is taken.
    await link(temporary, path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw new OutputExistsError(path, { cause: error });
    // Without hard links, the best alternative is a check and a rename.
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(codeOf(error) ?? "")) throw error;
    await expectFree(path, false);
    return rename(temporary, path);
  }
  await unlink(temporary);
}

/**
 * Writes files one after the other, and moves them to their paths, in order, once all are complete.
 *
 * A link at a path is replaced, not followed.
 *
 * When `force` replaces several files, the last one is removed first and placed last: if it exists, all files are of the
 * same write. The next write to the folder removes the incomplete files of a killed process.
 *
 * @throws OutputExistsError if a name is taken and `force` is false; TypeError for a folder; errors of the system. A failed write
 * leaves no files behind; if `force` replaces several files, those before the failed one are already replaced.
 * @example
 * const chunks = () => [new Uint8Array(4)];
 * await writeFilesAtomically([{ path: "build/a.bin", chunks }, { path: "build/b.bin", chunks }], { force: true });
 */
export async function writeFilesAtomically(
  files: readonly FileToWrite[],
  { force = false, staging }: PlaceOptions = {},
): Promise<void> {
  for (const { path } of files) await expectFree(path, force);
  const staged: Staged[] = [];
  const placed: string[] = [];
  try {
    for (const file of files) staged.push(await stage(file, staging));
    const last = staged.at(-1);
    if (force && staged.length > 1 && last) await unlink(last.path).catch(() => undefined);
    for (const file of staged) {
      await place(file, force);
      placed.push(file.path);
    }
  } catch (error) {
    for (const { temporary } of staged) await unlink(temporary).catch(() => undefined);
    // Without `force` these names were free, so these files are ours.
    if (!force) for (const path of placed) await unlink(path).catch(() => undefined);
    throw error;
  }
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) await syncFolder(folder);
}

/**
 * Writes one file atomically.
 *
 * @throws as {@link writeFilesAtomically} does.
 * @example
 * await writeFileAtomically("build/four.bin", Uint8Array.of(1, 2, 3, 4), { force: true });
 */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  options: PlaceOptions = {},
): Promise<void> {
  const chunks = () => (content instanceof Uint8Array ? [content] : content);
  await writeFilesAtomically([{ path, chunks }], options);
}
