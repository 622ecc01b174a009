// A tfjs model on disk: shards and the model.json that names them, of which no reader ever sees a mixture. The shards have the
// hash of their content in their names, so that they lie beside those of a model that is there; the rename of model.json decides.
// Source: TensorFlow.js's weightsManifest, whose paths are free.

import { createHash } from "node:crypto";
import { lstat, readdir, readFile, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { syncFolder } from "./sync-folder.ts";
import { expectFree, type FileToWrite, type PlaceOptions, place, type Staged, stage } from "./write-atomically.ts";

const HASH_DIGITS = 12;
const LONGEST_JSON = 16 * 2 ** 20; // bytes of a file that may name shards
const MOST_JSON = 100;

interface Manifest {
  readonly weightsManifest: readonly { readonly paths: readonly string[] }[];
}

async function collect(chunks: ReturnType<FileToWrite["chunks"]>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return new TextDecoder().decode(Buffer.concat(parts));
}

/** The text of model.json with the shards' new names. */
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

/** Removes shards of earlier models of the same name, unless another JSON file of the folder names them. */
async function removeOld(folder: string, prefix: string, model: string, current: ReadonlySet<string>): Promise<void> {
  const entries = await readdir(folder);
  const isShard = (name: string): boolean =>
    name.startsWith(prefix) && /^(-[0-9a-f]{12})?-shard\d+of\d+\.bin$/.test(name.slice(prefix.length));
  const old = entries.filter((name) => isShard(name) && !current.has(name));
  const others = entries.filter((name) => /\.json$/i.test(name) && name !== model);
  if (old.length === 0 || others.length > MOST_JSON) return;
  let texts = "";
  for (const name of others) {
    const path = join(folder, name);
    const found = await lstat(path);
    if (!found.isFile()) continue;
    if (found.size > LONGEST_JSON) return;
    texts += await readFile(path, "utf8");
  }
  for (const name of old) if (!texts.includes(name)) await unlink(join(folder, name));
}

/**
 * Writes the shards and then the model.json of a model; `files` have the last one last, and names that the shards' hash gets into.
 *
 * @throws as writeFilesAtomically does; nothing is left behind then.
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
      // The same name is the same content.
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
    // Before model.json is in place nothing names them.
    if (!isPlaced) for (const path of fresh) await unlink(path).catch(() => undefined);
    throw error;
  }
}
