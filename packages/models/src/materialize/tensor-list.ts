// Reads a specification that lists its tensors.

import type { StreamName } from "@fanin/core";
import { expectShape, FLOAT_DTYPES, type FloatDType } from "@fanin/tensor";
import { describeBriefly } from "@fanin/tensor/arguments";
import { type Identifier, initializedTensor, isSeeded, readInitializer, refusing } from "./initializer-source.ts";
import type { SeedSource } from "./seed-rule.ts";
import { WeightsSpecError } from "./spec-error.ts";
import { SpecReader } from "./spec-reader.ts";
import type { TensorPlan } from "./tensor-plan.ts";

/** Defaults of all tensors. */
export interface TensorDefaults {
  readonly dtype: FloatDType;
  readonly stream: StreamName;
  readonly streams: readonly StreamName[];
  readonly seeds: SeedSource;
}

const ENTRY_KEYS = ["name", "shape", "initializer", "dtype", "seed", "stream"];

/** Checks the name of a tensor, which appears in files and terminals. */
export function expectTensorName(path: string, name: string, names: Set<string>): string {
  if (name === "" || name === "__metadata__" || /\p{C}/u.test(name)) {
    throw new WeightsSpecError(path, `expected plain text other than "__metadata__", got ${describeBriefly(name)}`);
  }
  if (names.has(name))
    throw new WeightsSpecError(path, `expected a name of its own, got ${describeBriefly(name)} again`);
  names.add(name);
  return name;
}

/** The seed of a tensor: its own, that of its initializer, or by the rule; null if its class takes none. */
function seedOf(entry: SpecReader, identifier: Identifier, name: string, index: number, seeds: SeedSource) {
  const own = entry.seed("seed");
  if (!isSeeded(identifier)) {
    if (own !== undefined) entry.fail("seed", `nothing (${identifier.className} takes no seed)`);
    return null;
  }
  const inner = identifier.config["seed"] ?? undefined;
  if (own !== undefined && inner !== undefined) entry.fail("seed", "nothing beside the seed of the initializer");
  if (inner === undefined) return own ?? seeds.seedOf(name, index);
  return new SpecReader(entry.at("initializer.config"), identifier.config).seed("seed") ?? null;
}

/**
 * Reads the tensors of a list.
 *
 * @throws WeightsSpecError, with the place in the list.
 */
export function readTensorList(list: unknown, defaults: TensorDefaults): readonly TensorPlan[] {
  if (!Array.isArray(list) || list.length === 0) {
    throw new WeightsSpecError("tensors", `expected a list of one tensor or more, got ${describeBriefly(list)}`);
  }
  const names = new Set<string>();
  return list.map((value: unknown, index) => {
    const entry = new SpecReader(`tensors[${index}]`, value);
    entry.expectKeys(ENTRY_KEYS);
    const name = expectTensorName(entry.at("name"), entry.string("name"), names);
    const shape = refusing(entry.at("shape"), () => expectShape(entry.get("shape")));
    const identifier = readInitializer(entry.at("initializer"), entry.get("initializer"));
    const dtype = entry.choice("dtype", FLOAT_DTYPES) ?? defaults.dtype;
    const stream = entry.choice("stream", defaults.streams) ?? defaults.stream;
    const seed = seedOf(entry, identifier, name, index, defaults.seeds);
    return initializedTensor(entry.path, { name, shape, dtype }, identifier, stream, seed);
  });
}
