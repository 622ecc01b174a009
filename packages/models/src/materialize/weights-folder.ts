// The folder of weights: finished files under their names, and under parts/ the state for resuming.
//
//   model-00001-of-00003.safetensors ...     complete or absent
//   model.safetensors.index.json             written when every file is complete
//   manifest.json                            written last: every file's size and SHA-256, every tensor
//   parts/outline.json                       the manifest without the hashes: the purpose of the folder
//   parts/model-00001-of-00003.json          the hash of a finished file, written before the file gets its name
//   parts/1-of-2/                            one process: its lock and its unfinished files, so that the next process
//                                            can remove them if this one is killed
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
 * The error of an unusable folder; `kind` distinguishes damaged, missing, contradicting and foreign content.
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

/** Checks consistency between fields: every tensor is in a listed file, and the counts match. */
function countsMisfit({ shards, tensors }: WeightsOutline): string | undefined {
  const counts = new Map<string, number>(shards.map(({ file }) => [file, 0]));
  if (counts.size < shards.length) return "shards: expected distinct file names, got a duplicate";
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
  /** Whether `claim` created the folder. */
  #isOwn = false;

  constructor(path: string) {
    this.path = path;
  }

  /** The folder of the lock and the unfinished files of the part `name`, such as `1-of-2`. */
  async makePart(name: string): Promise<string> {
    const part = join(this.path, PARTS, name);
    await mkdir(part, { recursive: true });
    return part;
  }

  /** The outline, from the manifest or parts/; undefined in a folder without weights. */
  async readOutline(): Promise<WeightsOutline | undefined> {
    const manifest = await this.readManifest();
    if (manifest) return outlineOfManifest(manifest);
    const path = join(this.path, PARTS, OUTLINE);
    const text = await readText(path);
    return text === undefined ? undefined : parse<WeightsOutline>(path, text, outlineFields);
  }

  /** The manifest; undefined if the weights are incomplete. */
  async readManifest(): Promise<WeightsManifest | undefined> {
    const path = join(this.path, MANIFEST);
    const text = await readText(path);
    return text === undefined ? undefined : parse<WeightsManifest>(path, text, manifestFields);
  }

  /**
   * Creates the folder if `outline` can be written there.
   *
   * @throws WeightsFolderError if it holds something else under one of the names to write.
   */
  async claim(outline: WeightsOutline): Promise<void> {
    if (await this.#isOf(outline)) return;
    this.#isOwn = (await mkdir(this.path, { recursive: true })) !== undefined;
    const names = new Set(await readdir(this.path));
    const taken = [INDEX, MANIFEST, ...outline.shards.map(({ file }) => file)].find((name) => names.has(name));
    if (taken !== undefined) {
      const what = `${join(this.path, taken)} already exists and is not from this command`;
      throw new WeightsFolderError("foreign", `${what}; choose another folder`);
    }
  }

  /**
   * Records `outline` in the claimed folder, and removes unfinished files of a killed process. The lock of the part `name`
   * must be held.
   *
   * @throws WeightsFolderError if another process has claimed the folder for other weights in the meantime.
   */
  async begin(outline: WeightsOutline, name: string): Promise<void> {
    const part = await this.makePart(name);
    for (const file of await readdir(part)) {
      if (file.endsWith(TEMPORARY_ENDING)) await rm(join(part, file), { force: true });
    }
    if (await this.#isOf(outline)) return;
    const bytes = new TextEncoder().encode(`${toJson(outline)}\n`);
    try {
      // If two processes start at once, one writes its outline, and the other compares it with its own.
      await writeFileAtomically(join(this.path, PARTS, OUTLINE), bytes, { staging: part });
    } catch (error) {
      if (!(error instanceof OutputExistsError)) throw error;
      await this.#isOf(outline);
    }
  }

  /** Whether the folder is for `outline`; false without an outline. */
  async #isOf(outline: WeightsOutline): Promise<boolean> {
    const present = await this.readOutline();
    if (!present || present.plan === outline.plan) return present !== undefined;
    const what = `${this.path} holds other weights (another specification, version or --shard-size)`;
    throw new WeightsFolderError("foreign", `${what}; choose another folder`);
  }

  /** The paths for writing one file, by the part `name`. */
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

  /** The records of finished files: recorded, present, and of the correct size. */
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
   * Writes index and manifest if every file is complete. The last process to finish writes them; concurrent processes write
   * the same bytes. `name` is the part whose lock is held.
   *
   * @returns The manifest, or the names of the missing files.
   */
  async complete(outline: WeightsOutline, name: string): Promise<WeightsManifest | readonly string[]> {
    const records = await this.finished(outline);
    const missing = outline.shards.filter(({ file }) => !records.has(file)).map(({ file }) => file);
    if (missing.length > 0) {
      // Another part may have completed the weights and removed the records during the reading.
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

  /** The names of the parts of current or killed processes. */
  async partNames(): Promise<readonly string[]> {
    const entries = await readdir(join(this.path, PARTS), { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }

  /** Removes a part; its lock must be held or released. */
  async removePart(name: string): Promise<void> {
    await rm(join(this.path, PARTS, name), { recursive: true, force: true });
  }

  /** Releases a folder without finished files and without other processes, as if it had not been claimed. */
  async abandon(outline: WeightsOutline): Promise<void> {
    if ((await this.finished(outline)).size > 0 || (await this.partNames()).length > 0) return;
    await this.tidy(outline);
    if (this.#isOwn) await rmdir(this.path).catch(() => undefined);
  }

  /** Removes the files that only an incomplete folder needs; parts of other processes stay. */
  async tidy(outline: WeightsOutline): Promise<void> {
    const parts = join(this.path, PARTS);
    for (const { file } of outline.shards) await rm(this.#recordPath(file), { force: true });
    await rm(join(parts, OUTLINE), { force: true });
    await rmdir(parts).catch(() => undefined);
  }
}
