// Files that appear whole or not at all: written under another name, flushed to disk, and then renamed.

import { randomBytes } from "node:crypto";
import { type FileHandle, link, lstat, open, readdir, rename, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { identityTag, isTagGone } from "./process-identity.ts";
import { syncFolder } from "./sync-folder.ts";

/** How the names of files end that are not whole yet; what a killed process leaves behind ends so. */
export const TEMPORARY_ENDING = ".tmp";

/** How files are put in place. */
export interface PlaceOptions {
  /** Replaces files that exist; without it they are left alone and the write is refused. */
  readonly force?: boolean;
  /** The folder, in the same file system, that files are in until they are whole; beside their place unless given. */
  readonly staging?: string;
}

/** A file to write. */
export interface FileToWrite {
  readonly path: string;
  chunks(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * A write that was refused because something has that name already; nothing was written.
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

/** A file that is complete under a temporary name. */
export interface Staged {
  readonly path: string;
  readonly temporary: string;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** What has the name, itself and not what a link there points to. */
async function kindAt(path: string): Promise<"nothing" | "a folder" | "a file"> {
  try {
    return (await lstat(path)).isDirectory() ? "a folder" : "a file";
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "nothing";
    throw error;
  }
}

/** Refuses a name that is taken. */
export async function expectFree(path: string, force: boolean): Promise<void> {
  const kind = await kindAt(path);
  if (kind === "a folder") throw new TypeError(`path: expected a file's name, got the folder ${JSON.stringify(path)}`);
  if (kind === "a file" && !force) throw new OutputExistsError(path);
}

async function writeAll(handle: FileHandle, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) {
    let written = 0;
    // One write may take only a part, and no system takes 2 GiB at once.
    while (written < chunk.length) {
      written += (await handle.write(chunk, written, Math.min(chunk.length - written, 2 ** 30))).bytesWritten;
    }
  }
}

const tidied = new Set<string>();

/** Removes what processes that are over have begun to write in a folder: once, because a folder may have thousands of files. */
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
 * A name in `folder` for a file that is not whole yet: it says which process writes it, so that a later one can remove it.
 *
 * @example
 * temporaryName("build", "weights.npz").endsWith(".tmp"); // => true
 */
export function temporaryName(folder: string, name: string): string {
  const random = randomBytes(6).toString("hex");
  return join(folder, `.${name.slice(0, 100)}.${identityTag()}.${random}${TEMPORARY_ENDING}`);
}

/** Writes a file whole under a temporary name. */
export async function stage({ path, chunks }: FileToWrite, staging: string = dirname(path)): Promise<Staged> {
  await tidy(staging);
  const temporary = temporaryName(staging, basename(path));
  // "wx" creates or fails: a link that someone has put there is not followed.
  const handle = await open(temporary, "wx").catch((error: NodeJS.ErrnoException) => {
    // The caller knows nothing of the temporary name.
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

/** Puts a staged file in place; without `force`, a file that has come there in the meantime is not replaced. */
export async function place({ path, temporary }: Staged, force: boolean): Promise<void> {
  if (force) return rename(temporary, path);
  try {
    // Unlike a rename, a link fails where the name is taken.
    await link(temporary, path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw new OutputExistsError(path, { cause: error });
    // Some file systems have no hard links: there a look and a rename are the best there is.
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(codeOf(error) ?? "")) throw error;
    await expectFree(path, false);
    return rename(temporary, path);
  }
  await unlink(temporary);
}

/**
 * Writes files, one after the other, and puts them in place, in order, once all are complete.
 *
 * A link that has a file's name is replaced, never written through.
 *
 * Of several that are replaced by `force`, the last one is removed first and comes last: where it is there, all are of one
 * write. What a process that was killed had begun is removed by the next write to the folder.
 *
 * @throws OutputExistsError where a name is taken and `force` is not given; TypeError for a folder; the system's errors. Nothing is left behind,
 * but where several files are replaced by `force`, those before the one that failed are new.
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
    // Without `force` these names were free, so that what is there is ours.
    if (!force) for (const path of placed) await unlink(path).catch(() => undefined);
    throw error;
  }
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) await syncFolder(folder);
}

/**
 * Writes one file whole or not at all.
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
