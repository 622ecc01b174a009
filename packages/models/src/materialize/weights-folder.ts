// The folder that weights are written to: finished files under their names, and under parts/ what is needed to go on.
//
//   model-00001-of-00003.safetensors ...     whole or not there
//   model.safetensors.index.json             once every file is there
//   manifest.json                            last of all: every file's size and SHA-256, every tensor
//   parts/outline.json                       the manifest without the hashes: what this folder is for
//   parts/model-00001-of-00003.json          the hash of a finished file, written before it gets its name
//   parts/1-of-2/                            one process at work: its lock, and all its files that are not whole yet,
//                                            so that who comes after one that was killed knows what to remove
// One file: every method names and checks the same files.

import { mkdir, readdir, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { OutputExistsError, TEMPORARY_ENDING, writeFileAtomically } from "@fanin/formats/node";
import {
  exactly,
  hashSchema,
  integerFrom,
  listOf,
  nullOr,
  recordOf,
  type Schema,
  textOf,
} from "@fanin/formats/record-schema";
import type { ShardRecord, ShardTask } from "./lane.ts";
import type { ShardPlan } from "./shard-layout.ts";
import { readText, writeText } from "./text-file.ts";
import { indexText, toJson, type WeightsOutline } from "./weights-outline.ts";

const PARTS = "parts";
const OUTLINE = "outline.json";
const MANIFEST = "manifest.json";
const INDEX = "model.safetensors.index.json";

/** The manifest: the outline, with the hash of every file. */
export interface WeightsManifest extends WeightsOutline {
  readonly shards: readonly (WeightsOutline["shards"][number] & { readonly sha256: string })[];
}

/**
 * A folder that cannot be used as it is; `kind` says whether its content is damaged or just another's.
 *
 * @example
 * import { mkdtemp, rm } from "node:fs/promises";
 * const plan = readWeightsSpec('{ "tensors": [{ "name": "w", "shape": [784, 128], "initializer": "he_normal" }] }');
 * const shards = planShards(plan, 1e6);
 * const folder = new WeightsFolder(await mkdtemp("build/weights-"));
 * await folder.claim(outlineOf(plan, shards));
 * await folder.begin(outlineOf(plan, shards), "1-of-1");
 * const other = planShards(plan, 2e6);
 * const error = await folder.claim({ ...outlineOf(plan, other), plan: "0".repeat(64) }).catch((error: unknown) => error);
 * error instanceof WeightsFolderError && error.kind; // => 'foreign'
 * await rm(folder.path, { recursive: true });
 */
export class WeightsFolderError extends Error {
  override readonly name: string = "WeightsFolderError";
  readonly kind: "damaged" | "foreign" | "missing" | "contradicting";

  constructor(kind: WeightsFolderError["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

const ADVICE = "remove it to have it written again";

function parse<T>(path: string, text: string, schema: Schema): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WeightsFolderError("damaged", `${path} is damaged: ${(error as Error).message}; ${ADVICE}`);
  }
  const wrong = schema(value, "");
  if (wrong === undefined) return value as T;
  throw new WeightsFolderError("damaged", `${path} is damaged: ${wrong}; ${ADVICE}`);
}

const fileName = textOf(/^model-\d+-of-\d+\.safetensors$/, "a name such as model-00001-of-00002.safetensors");
const seed: Schema = (value, field) =>
  typeof value === "string"
    ? textOf(/^-?\d+$/, "an integer")(value, field)
    : integerFrom(Number.MIN_SAFE_INTEGER)(value, field);
const anyRecord: Schema = (value, field) =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : `${field}: expected an object`;
const tensor = recordOf({
  name: textOf(),
  shape: listOf(integerFrom(0)),
  dtype: textOf(/^(float(16|32|64)|bfloat16|int(32|64))$/, "the name of a dtype"),
  file: fileName,
  initializer: nullOr(recordOf({ class_name: textOf(), config: anyRecord })),
  stream: textOf(),
});

function outlineSchema(shardFields: Readonly<Record<string, Schema>>): Schema {
  const shard = recordOf({ file: fileName, bytes: integerFrom(0), tensors: integerFrom(0), ...shardFields });
  const record = recordOf({
    schemaVersion: exactly(1),
    version: textOf(),
    plan: hashSchema,
    seed,
    totalSize: integerFrom(0),
    parameters: integerFrom(0),
    shards: listOf(shard),
    tensors: listOf(tensor),
  });
  return (value, field) => record(value, field) ?? countsMisfit(value as WeightsOutline);
}

/** What is wrong between the fields: every tensor is in a file of the list, which holds as many as it says. */
function countsMisfit({ shards, tensors }: WeightsOutline): string | undefined {
  const counts = new Map<string, number>(shards.map(({ file }) => [file, 0]));
  if (counts.size < shards.length) return "shards: expected files of their own names, got one twice";
  for (const [i, { file }] of tensors.entries()) {
    const count = counts.get(file);
    if (count === undefined) return `tensors[${i}].file: expected one of shards, got ${JSON.stringify(file)}`;
    counts.set(file, count + 1);
  }
  const other = shards.findIndex(({ file, tensors: count }) => counts.get(file) !== count);
  const [shard] = shards.slice(other);
  return other === -1
    ? undefined
    : `shards[${other}].tensors: expected ${counts.get(shard?.file ?? "")}, got ${shard?.tensors}`;
}

const outlineFields = outlineSchema({});
const manifestFields = outlineSchema({ sha256: hashSchema });

/** A manifest without its hashes. */
function outlineOfManifest({ shards, ...rest }: WeightsManifest): WeightsOutline {
  return { ...rest, shards: shards.map(({ file, bytes, tensors }) => ({ file, bytes, tensors })) };
}

/**
 * One folder of weights.
 *
 * @example
 * await new WeightsFolder(".").readManifest(); // => undefined
 */
export class WeightsFolder {
  readonly path: string;
  /** Whether `claim` has made the folder itself. */
  #isOwn = false;

  constructor(path: string) {
    this.path = path;
  }

  /** Where the process that writes the part `name`, such as `1-of-2`, keeps its lock and its unfinished files. */
  async makePart(name: string): Promise<string> {
    const part = join(this.path, PARTS, name);
    await mkdir(part, { recursive: true });
    return part;
  }

  /** The whole's outline, from whatever says it; undefined in a folder without weights. */
  async readOutline(): Promise<WeightsOutline | undefined> {
    const manifest = await this.readManifest();
    if (manifest) return outlineOfManifest(manifest);
    const path = join(this.path, PARTS, OUTLINE);
    const text = await readText(path);
    return text === undefined ? undefined : parse<WeightsOutline>(path, text, outlineFields);
  }

  /** The manifest; undefined where the whole is not there yet. */
  async readManifest(): Promise<WeightsManifest | undefined> {
    const path = join(this.path, MANIFEST);
    const text = await readText(path);
    return text === undefined ? undefined : parse<WeightsManifest>(path, text, manifestFields);
  }

  /**
   * Makes the folder, if `outline` can be written there.
   *
   * @throws WeightsFolderError where it holds something else under one of the names that are to be written.
   */
  async claim(outline: WeightsOutline): Promise<void> {
    if (await this.#isOf(outline)) return;
    this.#isOwn = (await mkdir(this.path, { recursive: true })) !== undefined;
    const names = new Set(await readdir(this.path));
    const taken = [INDEX, MANIFEST, ...outline.shards.map(({ file }) => file)].find((name) => names.has(name));
    if (taken !== undefined) {
      const what = `${join(this.path, taken)} is there already, and not from this command`;
      throw new WeightsFolderError("foreign", `${what}; choose another folder`);
    }
  }

  /**
   * Says in the folder, which has been claimed, that it is for `outline`, and removes what a process that was killed had
   * begun to write; the lock of the part `name` must be held.
   *
   * @throws WeightsFolderError where another process has made the folder one for other weights meanwhile.
   */
  async begin(outline: WeightsOutline, name: string): Promise<void> {
    const part = await this.makePart(name);
    for (const file of await readdir(part)) {
      if (file.endsWith(TEMPORARY_ENDING)) await rm(join(part, file), { force: true });
    }
    if (await this.#isOf(outline)) return;
    const bytes = new TextEncoder().encode(`${toJson(outline)}\n`);
    try {
      // Of two that begin at once, one puts its outline there; the other finds it, and sees whether it is its own.
      await writeFileAtomically(join(this.path, PARTS, OUTLINE), bytes, { staging: part });
    } catch (error) {
      if (!(error instanceof OutputExistsError)) throw error;
      await this.#isOf(outline);
    }
  }

  /** Whether the folder says that it is for `outline`; not where it says nothing. */
  async #isOf(outline: WeightsOutline): Promise<boolean> {
    const present = await this.readOutline();
    if (!present || present.plan === outline.plan) return present !== undefined;
    const what = `${this.path} holds other weights (another specification, version or --shard-size)`;
    throw new WeightsFolderError("foreign", `${what}; choose another folder`);
  }

  /** The task of writing one file, by the part `name`. */
  taskOf(shard: ShardPlan, name: string): ShardTask {
    return {
      shard,
      temporary: join(this.path, PARTS, name, shard.file + TEMPORARY_ENDING),
      path: join(this.path, shard.file),
      record: this.#recordPath(shard.file),
    };
  }

  #recordPath(file: string): string {
    return join(this.path, PARTS, file.replace(/\.safetensors$/, ".json"));
  }

  /** The records of the files that are finished: recorded, there, and of the size that they should have. */
  async finished(outline: WeightsOutline): Promise<ReadonlyMap<string, ShardRecord>> {
    const manifest = await this.readManifest();
    const known = new Map(manifest?.shards.map((shard) => [shard.file, shard.sha256]));
    const records = new Map<string, ShardRecord>();
    for (const { file, bytes } of outline.shards) {
      const size = (await stat(join(this.path, file)).catch(() => undefined))?.size;
      if (size !== bytes) continue;
      const sha256 = known.get(file) ?? (await this.#readRecord(file, bytes));
      if (sha256 !== undefined) records.set(file, { file, bytes, sha256 });
    }
    return records;
  }

  async #readRecord(file: string, bytes: number): Promise<string | undefined> {
    const path = this.#recordPath(file);
    const text = await readText(path);
    if (text === undefined) return undefined;
    const schema = recordOf({ file: exactly(file), bytes: exactly(bytes), sha256: hashSchema });
    return parse<ShardRecord>(path, text, schema).sha256;
  }

  /**
   * Writes index and manifest if every file is there: whoever finishes last does so, and of several each writes the same.
   * `name` is the part whose lock is held.
   *
   * @returns the manifest, or the names of the files that are missing.
   */
  async complete(outline: WeightsOutline, name: string): Promise<WeightsManifest | readonly string[]> {
    const records = await this.finished(outline);
    const missing = outline.shards.filter(({ file }) => !records.has(file)).map(({ file }) => file);
    if (missing.length > 0) {
      // Another part may have completed the whole, and removed the records, while they were being read.
      const manifest = await this.readManifest();
      if (!manifest) return missing;
      const again = await this.finished(outline);
      const still = missing.filter((file) => !again.has(file));
      return still.length > 0 ? still : manifest;
    }
    const shards = outline.shards.map((shard) => ({ ...shard, sha256: records.get(shard.file)?.sha256 ?? "" }));
    const manifest: WeightsManifest = { ...outline, shards };
    const part = join(this.path, PARTS, name);
    await writeText(join(this.path, INDEX), indexText(outline), part);
    await writeText(join(this.path, MANIFEST), `${toJson(manifest, 2)}\n`, part);
    return manifest;
  }

  /** The names of the parts at which processes are or were at work. */
  async partNames(): Promise<readonly string[]> {
    const entries = await readdir(join(this.path, PARTS), { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }

  /** Removes a part, whose lock must be held or given back. */
  async removePart(name: string): Promise<void> {
    await rm(join(this.path, PARTS, name), { recursive: true, force: true });
  }

  /** Gives a folder back in which nothing is finished and nobody is at work: as if it had not been claimed. */
  async abandon(outline: WeightsOutline): Promise<void> {
    if ((await this.finished(outline)).size > 0 || (await this.partNames()).length > 0) return;
    await this.tidy(outline);
    if (this.#isOwn) await rmdir(this.path).catch(() => undefined);
  }

  /** Removes what only a folder that is not complete needs; parts at which others are at work stay. */
  async tidy(outline: WeightsOutline): Promise<void> {
    const parts = join(this.path, PARTS);
    for (const { file } of outline.shards) await rm(this.#recordPath(file), { force: true });
    await rm(join(parts, OUTLINE), { force: true });
    await rmdir(parts).catch(() => undefined);
  }
}
