// The outline of the weights before writing: the files, their tensors, and a hash of the plan.

import { createHash } from "node:crypto";
import { VERSION } from "@fanin/core";
import { bytesOf, countOf, type ShardPlan } from "./shard-layout.ts";
import type { TensorPlan, WeightsPlan } from "./tensor-plan.ts";

/** A tensor in the manifest. */
export interface OutlineTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly file: string;
  /** Its initializer; null for a weight of a Keras model, whose layer defines it. */
  readonly initializer: { readonly class_name: string; readonly config: Readonly<Record<string, unknown>> } | null;
  readonly stream: string;
  /** The zero row, if any: the padding token's row of an embedding. */
  readonly zeroRow?: number;
}

/** Everything but the hashes of the files. */
export interface WeightsOutline {
  readonly schemaVersion: 1;
  readonly version: string;
  /** SHA-256 of everything that determines the bytes; the parts of one set of weights have the same. */
  readonly plan: string;
  readonly seed: number | string;
  /** Bytes of all values, as in the index. */
  readonly totalSize: number;
  readonly parameters: number;
  readonly shards: readonly { readonly file: string; readonly bytes: number; readonly tensors: number }[];
  readonly tensors: readonly OutlineTensor[];
}

/** JSON with large integers as text. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, field: unknown) => (typeof field === "bigint" ? String(field) : field), indent);
}

/**
 * The outline of a plan with its `shards`.
 *
 * @example
 * const plan = readWeightsSpec('{ "tensors": [{ "name": "w", "shape": [784, 128], "initializer": "he_normal" }] }');
 * outlineOf(plan, planShards(plan, 1e6)).parameters; // => 100352
 */
export function outlineOf(plan: WeightsPlan, shards: readonly ShardPlan[]): WeightsOutline {
  const { seed, keras, metadata } = plan;
  const describe = ({ name, shape, dtype, source }: TensorPlan, file: string): OutlineTensor => ({
    ...{ name, shape, dtype, file },
    initializer: source.kind === "keras" ? null : { class_name: source.className, config: source.config },
    stream: source.kind === "keras" ? (keras?.stream ?? "") : source.stream,
    ...(source.kind === "keras" || source.zeroRow === undefined ? {} : { zeroRow: source.zeroRow }),
  });
  const tensors = shards.flatMap(({ file, tensors: indices }) =>
    indices.map((index) => describe(plan.tensors[index] as TensorPlan, file)),
  );
  const files = shards.map(({ file, bytes, tensors: { length } }) => ({ file, bytes, tensors: length }));
  const essence = { version: VERSION, files, tensors, metadata, keras };
  return {
    schemaVersion: 1,
    version: VERSION,
    plan: createHash("sha256").update(toJson(essence)).digest("hex"),
    seed: typeof seed === "bigint" ? String(seed) : seed,
    totalSize: plan.tensors.reduce((sum, tensor) => sum + bytesOf(tensor), 0),
    parameters: plan.tensors.reduce((sum, tensor) => sum + countOf(tensor), 0),
    shards: files,
    tensors,
  };
}

/** `model.safetensors.index.json` as Hugging Face writes it: names sorted, two spaces, a line end. */
export function indexText({ totalSize, tensors }: WeightsOutline): string {
  const sorted = [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1));
  const lines = sorted.map(({ name, file }) => `    ${JSON.stringify(name)}: ${JSON.stringify(file)}`);
  return `{\n  "metadata": {\n    "total_size": ${totalSize}\n  },\n  "weight_map": {\n${lines.join(",\n")}\n  }\n}\n`;
}
