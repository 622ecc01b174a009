// Reads the initializer of one tensor of a specification, adds its seed and tests it, so that a run cannot fail on it later.

import { deserialize, get, type Initializer, parseInitializer, randomUniform, type StreamName } from "@fanin/core";
import { formatShape, type Shape, sizeOf } from "@fanin/tensor";
import { describeBriefly } from "@fanin/tensor/arguments";
import { WeightsSpecError } from "./spec-error.ts";
import { isObject } from "./spec-reader.ts";
import { type InitializerSource, type TensorDType, type TensorPlan, viewOf } from "./tensor-plan.ts";

/** An initializer as text or Keras's JSON, in the format of the registry. */
export interface Identifier {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Reads an initializer of a specification: `he_normal`, `random_normal(stddev=0.02)`, or Keras's `{ class_name, config }`.
 *
 * @throws WeightsSpecError for anything else, an unknown name (with the nearest name), or invalid arguments.
 */
export function readInitializer(path: string, value: unknown): Identifier {
  return refusing(path, () => {
    const parsed = typeof value === "string" ? parseInitializer(value) : value;
    if (!isObject(parsed) || typeof parsed["class_name"] !== "string") {
      throw new TypeError(
        `expected a name such as "he_normal" or an object with a class_name, got ${describeBriefly(value)}`,
      );
    }
    const { className } = get(parsed["class_name"]);
    const config = parsed["config"] ?? {};
    deserialize({ class_name: className, config });
    return { className, config: config as Identifier["config"] };
  });
}

/** Runs `body` and adds the path to its errors. */
export function refusing<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (cause) {
    if (cause instanceof WeightsSpecError || !(cause instanceof RangeError || cause instanceof TypeError)) throw cause;
    const reason = cause.message.replace(/^(initializer|identifier): /, "");
    throw new WeightsSpecError(path, reason, { cause });
  }
}

/** Whether a class takes a seed. */
export function isSeeded({ className }: Identifier): boolean {
  return "seed" in get(className).getConfig();
}

/** Refuses non-integer seeds inside a config: such an initializer would give other values on each call. */
function expectFixedSeeds(config: Readonly<Record<string, unknown>>, place: string): void {
  for (const [key, value] of Object.entries(config)) {
    if (key === "seed" && typeof value !== "number" && typeof value !== "bigint") {
      throw new RangeError(`expected an integer for ${place}seed, got ${describeBriefly(value)}`);
    }
    if (isObject(value) && isObject(value["config"])) expectFixedSeeds(value["config"], `${place}${key}.`);
  }
}

/** Checks shape, dtype, seed and stream, and computes at most one element. */
function tryOut(
  initializer: Initializer,
  shape: Shape,
  dtype: TensorDType,
  { config, stream }: InitializerSource,
): void {
  const slice = (length: number) => viewOf(dtype, new Uint8Array(8 * length), 0, length);
  initializer.fill(slice(0), shape, { dtype });
  // The stream checks a seed only when it draws the first element.
  if (initializer.randomAccess && sizeOf(shape) > 0) initializer.fill(slice(1), shape, { dtype });
  else if ("seed" in config) randomUniform({ seed: config["seed"] as number, stream }).fill(new Float32Array(1), [1]);
}

/** The properties of a tensor besides its values. */
export type TensorIdentity = Pick<TensorPlan, "name" | "shape" | "dtype">;

/**
 * The plan of a tensor with values from `identifier` on `stream`, with `seed` if the class takes one. The row `zeroRow`,
 * if given, is zero.
 *
 * @throws WeightsSpecError if the initializer cannot give such values.
 */
export function initializedTensor(
  path: string,
  identity: TensorIdentity,
  { className, config }: Identifier,
  stream: StreamName,
  seed: number | bigint | null,
  zeroRow?: number,
): TensorPlan {
  return refusing(path, () => {
    const whole = seed === null ? config : { ...config, seed };
    const row = zeroRow === undefined ? {} : { zeroRow };
    const source: InitializerSource = { kind: "initializer", className, config: whole, stream, ...row };
    const initializer = deserialize({ class_name: className, config: whole }, { stream });
    expectFixedSeeds(initializer.getConfig(), "");
    try {
      tryOut(initializer, identity.shape, identity.dtype, source);
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      const what = `${className} of ${formatShape(identity.shape)} ${identity.dtype}: ${cause.message}`;
      throw new RangeError(what, { cause });
    }
    return { ...identity, source, randomAccess: initializer.randomAccess };
  });
}
