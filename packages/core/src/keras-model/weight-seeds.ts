// The seeds that a JSON holds for the weights of one layer, beside its config: what `fanin model --script` writes.

import { elementTypes, sizeOf, type Tensor } from "@fanin/tensor";
import { describeBriefly } from "@fanin/tensor/arguments";
import { isRecord, type JsonObject } from "../initializers/json-object.ts";
import { KerasModelError } from "./keras-model-error.ts";
import type { NamedLayer, WeightDType, WeightPlan, WeightSeed } from "./layer.ts";

const KEY = "weight_seeds";
const PATHS = "weight_paths";

/** Whether the JSON of a layer says how each of its weights is drawn. */
export function hasWeightSeeds(json: JsonObject): boolean {
  return (json[KEY] ?? undefined) !== undefined;
}

/** An integer, as a number where that is exact and as text otherwise. */
function integerOf(value: unknown): bigint | undefined {
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  return typeof value === "string" && /^-?\d{1,40}$/.test(value) ? BigInt(value) : undefined;
}

/** A seed, or a pair of them. */
function seedOf(value: unknown): WeightSeed | undefined {
  if (!Array.isArray(value)) return integerOf(value);
  const [seed, draws] = [integerOf(value[0]), integerOf(value[1])];
  return value.length === 2 && seed !== undefined && draws !== undefined ? [seed, draws] : undefined;
}

/** A weight whose values stand in the JSON: little-endian bytes in base64. */
function written(plan: WeightPlan, text: string): WeightPlan | undefined {
  const { bytes, allocate } = elementTypes[plan.dtype];
  const length = bytes * sizeOf(plan.shape);
  // 4 characters for 3 bytes: another length is refused before anything is decoded.
  if (text.length !== 4 * Math.ceil(length / 3) || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const raw = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  if (raw.length !== length) return undefined;
  const values = (): Tensor<WeightDType> => {
    const data = allocate(sizeOf(plan.shape));
    new Uint8Array(data.buffer).set(raw);
    return { data, shape: plan.shape, dtype: plan.dtype } as Tensor<WeightDType>;
  };
  return { ...plan, initializer: null, values };
}

/**
 * The weights of a layer, each drawn from the seed that the layer's `weight_seeds` has for it: null for a weight that no
 * seed changes, an integer, [seed, draws] for the state of a SeedGenerator, or `{"values": base64}`.
 *
 * @throws KerasModelError where the list has another length than the weights, or holds something else.
 */
export function reseeded({ json, where }: NamedLayer, plans: readonly WeightPlan[]): readonly WeightPlan[] {
  if (!hasWeightSeeds(json)) return plans;
  const list = json[KEY];
  const fail = (expected: string, got: unknown): never => {
    throw new KerasModelError("E_MODEL_CONFIG", where, `${KEY}: expected ${expected}, got ${describeBriefly(got)}`);
  };
  if (!Array.isArray(list) || list.length !== plans.length) {
    return fail(
      `a list of ${plans.length} entries, one for each weight`,
      Array.isArray(list) ? `${list.length} entries` : list,
    );
  }
  const paths = pathsOf(json, where, plans.length);
  return plans.map((plan, i) => {
    const drawn = seeded(plan, list[i]);
    const path = paths?.[i];
    return path === undefined ? drawn : { ...drawn, name: path, isRooted: true };
  });

  function seeded(plan: WeightPlan, entry: unknown): WeightPlan {
    if (entry === null) return plan;
    if (isRecord(entry) && typeof entry["values"] === "string") {
      const expected = `the ${elementTypes[plan.dtype].bytes * sizeOf(plan.shape)} bytes of ${plan.name} in base64`;
      return written(plan, entry["values"]) ?? fail(expected, `${entry["values"].length} characters`);
    }
    const seed = seedOf(entry);
    if (seed === undefined) return fail("null, an integer, [seed, draws] or an object with values", entry);
    try {
      return plan.reseeded(seed);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new KerasModelError("E_MODEL_CONFIG", where, `${KEY}: ${reason}`, { cause });
    }
  }
}

/** The paths of the weights, where the JSON has them: Keras's own, which may hold name scopes of the code. */
function pathsOf(json: JsonObject, where: string, count: number): readonly string[] | undefined {
  const paths = json[PATHS] ?? undefined;
  if (paths === undefined) return undefined;
  // A name goes into files and onto terminals: no control or formatting characters.
  const isPath = (path: unknown) => typeof path === "string" && /^[^\p{C}]+$/u.test(path);
  if (Array.isArray(paths) && paths.length === count && paths.every(isPath)) return paths as string[];
  const got = Array.isArray(paths) ? `${paths.length} entries` : describeBriefly(paths);
  const message = `${PATHS}: expected ${count} names of plain text, one for each weight, got ${got}`;
  throw new KerasModelError("E_MODEL_CONFIG", where, message);
}
