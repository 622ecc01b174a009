// Writes a tfjs model to disk so that readers never see a mixture of two models. The names of shards include a hash of their
// content, so that they coexist with the shards of an existing model; the rename of model.json switches between them.
// Source: TensorFlow.js's weightsManifest, whose paths are free.

import { createHash } from "node:crypto";
import { lstat, readdir, readFile, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { syncFolder } from "./sync-folder.ts";
import { expectFree, type FileToWrite, type PlaceOptions, place, type Staged, stage } from "./write-atomically.ts";

const HASH_DIGITS = 12;
const MAX_JSON_BYTES = 16 * 2 ** 20; // of a file that may name shards
const MAX_JSON_FILES = 100;

interface Manifest {
  readonly weightsManifest: readonly { readonly paths: readonly string[] }[];
}

async function collect(chunks: ReturnType<FileToWrite["chunks"]>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return new TextDecoder().decode(Buffer.concat(parts));
}

/** Renames the shards in the text of model.json. */
function renamed(text: string, names: ReadonlyMap<string, string>): string {
  const model = JSON.parse(text) as Manifest;
  const weightsManifest = model.weightsManifest.map((group) => ({
    ...group,
    paths: group.paths.map((path) => names.get(path) ?? path),
  }));
  return JSON.stringify({ ...model, weightsManifest });
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Removes the shards of earlier models of the same name that no other JSON file of the folder names. */
async function removeOld(folder: string, prefix: string, model: string, current: ReadonlySet<string>): Promise<void> {
  const entries = await readdir(folder);
  const isShard = (name: string): boolean =>
    name.startsWith(prefix) && /^(-[0-9a-f]{12})?-shard\d+of\d+\.bin$/.test(name.slice(prefix.length));
  const old = entries.filter((name) => isShard(name) && !current.has(name));
  const others = entries.filter((name) => /\.json$/i.test(name) && name !== model);
  if (old.length === 0 || others.length > MAX_JSON_FILES) return;
  let texts = "";
  for (const name of others) {
    const path = join(folder, name);
    const found = await lstat(path);
    if (!found.isFile()) continue;
    if (found.size > MAX_JSON_BYTES) return;
    texts += await readFile(path, "utf8");
  }
  for (const name of old) if (!texts.includes(name)) await unlink(join(folder, name));
}

/**
 * Writes the shards and then the model.json of a model, the last of `files`; adds the hash to the names of the shards.
 *
 * @throws as writeFilesAtomically does, without leaving files behind.
 */
export async function writeModelSet(files: readonly FileToWrite[], { force = false }: PlaceOptions): Promise<void> {
  const shards = files.slice(0, -1);
  const model = files.at(-1) as FileToWrite;
  const folder = dirname(model.path);
  await expectFree(model.path, force);
  const staged: Staged[] = [];
  const fresh: string[] = [];
  let isPlaced = false;
  try {
    const hash = createHash("sha256");
    for (const { path, chunks } of shards) {
      const hashed = async function* (): AsyncGenerator<Uint8Array> {
        for await (const chunk of chunks()) {
          hash.update(chunk);
          yield chunk;
        }
      };
      staged.push(await stage({ path, chunks: hashed }));
    }
    const digits = hash.digest("hex").slice(0, HASH_DIGITS);
    const names = new Map(
      shards.map(({ path }) => [
        basename(path),
        basename(path).replace(/-shard(\d+of\d+\.bin)$/, `-${digits}-shard$1`),
      ]),
    );
    const text = renamed(await collect(model.chunks()), names);
    const last = await stage({ path: model.path, chunks: () => [new TextEncoder().encode(text)] });
    staged.push(last);
    for (const { path, temporary } of staged.slice(0, -1)) {
      const to = join(folder, names.get(basename(path)) as string);
      if (!(await isThere(to))) fresh.push(to);
      // Equal names mean equal content.
      await place({ path: to, temporary }, true);
    }
    await syncFolder(folder);
    await place(last, force);
    isPlaced = true;
    await syncFolder(folder);
    const [first = ""] = names.keys();
    await removeOld(folder, first.replace(/-shard\d+of\d+\.bin$/, ""), basename(model.path), new Set(names.values()));
  } catch (error) {
    for (const { temporary } of staged) await unlink(temporary).catch(() => undefined);
    // Before model.json is in place, no file names them.
    if (!isPlaced) for (const path of fresh) await unlink(path).catch(() => undefined);
    throw error;
  }
}
