// The file of --map: for tensors of IN, their names in OUT and how their values change.

import { integerFrom, recordOf, type Schema, textOf } from "@fanin/formats/record-schema";
import type { Layout } from "@fanin/lab/weights";
import { formatShape } from "@fanin/tensor";
import { describeValue } from "@fanin/tensor/arguments";
import { CommandError, exitCodes } from "../../exit-codes.ts";
import { readOwnFile } from "../../experiment/own-file.ts";
import { readTextFile } from "../../read-text-file.ts";
import { canAdd, type MadeTensor } from "./gathered-values.ts";
import { joined, type MapEntry, makes, namesOf, type Transform, transforms } from "./map-transforms.ts";
import type { SourceTensor, Translation } from "./translation.ts";

const MAX_BYTES = 64 * 2 ** 20;
const name = textOf(/^[^\p{Cc}]{1,4096}$/u, "a name");

const nameOrNames: Schema = (value, field) => {
  if (!Array.isArray(value)) return name(value, field);
  if (value.length === 0 || value.length > 3) return `${field}: expected 1 to 3 names, got ${value.length}`;
  const wrong = value.map((entry, i) => name(entry, `${field}[${i}]`)).find((text) => text !== undefined);
  return wrong ?? (new Set(value).size === value.length ? undefined : `${field}: expected different names`);
};

const entry = recordOf(
  { to: nameOrNames },
  {
    transform: (value, field) =>
      transforms.includes(value as Transform)
        ? undefined
        : `${field}: expected one of ${transforms.join(", ")}, got ${describeValue(value)}`,
    heads: integerFrom(1, 2 ** 16),
    multiplier: integerFrom(1, 2 ** 16),
  },
);

const schema: Schema = (value, field) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return `${field || "file"}: expected an object, got ${describeValue(value)}`;
  }
  for (const [from, each] of Object.entries(value)) {
    const wrong = entry(each, from);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
};

/** The map of names of IN. */
export interface ConversionMap {
  readonly path: string;
  readonly entries: ReadonlyMap<string, MapEntry>;
}

/**
 * Reads the file of --map.
 *
 * @throws CommandError (malformed) that names the file and the field.
 */
export function readConversionMap(path: string): ConversionMap {
  const value = readOwnFile(path, readTextFile("--map", path, MAX_BYTES), schema);
  return { path, entries: new Map(Object.entries(value as Record<string, MapEntry>)) };
}

/**
 * Plans what a map says.
 *
 * @throws CommandError (malformed) for names that IN lacks, shapes that do not fit and names given twice.
 */
export function translateByMap(
  { path, entries }: ConversionMap,
  tensors: ReadonlyMap<string, SourceTensor>,
  to: Layout,
): Translation[] {
  const fail = (from: string, field: string, message: string): never => {
    throw new CommandError(exitCodes.malformed, `${path}: ${from}${field}: ${message}`);
  };
  const byTarget = new Map<string, { transform: Transform; parts: MadeTensor[]; sources: string[] }>();
  for (const [from, map] of entries) {
    const source = tensors.get(from) ?? fail(from, "", "expected the name of a tensor of IN, got one that it lacks");
    const { transform = "keep" } = map;
    const refuse = (expected: string): never =>
      fail(from, ".transform", `${transform} expects ${expected}, got ${formatShape(source.shape)}`);
    if (namesOf(map).length > 1 && !["rnn", "lstm", "gru", "in_proj"].includes(transform)) {
      fail(from, ".to", `expected one name for ${transform}, got ${namesOf(map).length}`);
    }
    for (const made of makes[transform](source, to, map, refuse)) {
      const target = byTarget.get(made.name) ?? { transform, parts: [], sources: [] };
      byTarget.set(made.name, target);
      if (target.transform !== transform)
        fail(from, ".to", `expected one transform for ${made.name}, got ${target.transform} and ${transform}`);
      const before = target.sources[0] === undefined ? undefined : tensors.get(target.sources[0]);
      if (before && before.dtype !== source.dtype)
        fail(from, ".to", `expected ${before.dtype} as ${before.name} has, got ${source.dtype}`);
      target.parts.push(made);
      target.sources.push(from);
    }
  }
  return [...byTarget].map(([target, { transform, parts, sources }]) => {
    const from = sources.at(-1) as string;
    const shape = formatShape((tensors.get(from) as SourceTensor).shape);
    const made = joined(parts, transform, (expected) =>
      fail(from, ".to", `${target}: expected ${expected}, got ${parts.length} of ${shape}`),
    );
    if (made.isSum && !canAdd((tensors.get(from) as SourceTensor).dtype))
      fail(from, ".transform", "expected floats to add");
    return { sources: [...new Set(sources)], made: [made], said: `${transform}, by the map` };
  });
}
