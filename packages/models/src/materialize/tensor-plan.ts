// The plan of a tensor, as plain data for threads and files, and the filling of its values.

import { deserialize, type StreamName } from "@fanin/core";
import { type KerasWeightPlan, kerasWeightPlans } from "@fanin/core/keras-model";
import type { FloatDType, Shape } from "@fanin/tensor";

/** The typed array of one dtype for slices of a tensor. */
export type TensorArray = Float32Array | Float64Array | Uint16Array | Int32Array | BigInt64Array;

/** Values from an initializer; its config contains the seed. */
export interface InitializerSource {
  readonly kind: "initializer";
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly stream: StreamName;
  /** A row of a matrix that is set to zero: the padding token's row of an embedding. */
  readonly zeroRow?: number;
}

/** Values of a weight of the plan's Keras model, by its index in `model.weights`. */
export interface KerasSource {
  readonly kind: "keras";
  readonly index: number;
}

/** The type of a tensor's elements; the counters of a Keras model are integers. */
export type TensorDType = FloatDType | "int32" | "int64";

/** One tensor. */
export interface TensorPlan {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: TensorDType;
  readonly source: InitializerSource | KerasSource;
  /** Whether slices can be filled independently; otherwise the tensor is made whole in memory. */
  readonly randomAccess: boolean;
}

/** A Keras model, and the argument of `set_random_seed`. */
export interface KerasModelPlan {
  readonly json: string;
  readonly seed: number | bigint;
  readonly stream: StreamName;
}

/** The plan of all tensors; it determines their bytes. */
export interface WeightsPlan {
  readonly seed: number | bigint;
  readonly tensors: readonly TensorPlan[];
  readonly keras: KerasModelPlan | null;
  /** Metadata in the header of every file. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The number of bytes of an element. */
export const elementBytes: Readonly<Record<TensorDType, number>> = {
  ...{ float64: 8, float32: 4, int32: 4, int64: 8 },
  ...{ float16: 2, bfloat16: 2 },
};

/** A typed array over `bytes` from `start`, a multiple of the element's size. */
export function viewOf(dtype: TensorDType, bytes: Uint8Array, start: number, length: number): TensorArray {
  const at = bytes.byteOffset + start;
  switch (dtype) {
    case "float64":
      return new Float64Array(bytes.buffer, at, length);
    case "int64":
      return new BigInt64Array(bytes.buffer, at, length);
    case "int32":
      return new Int32Array(bytes.buffer, at, length);
    case "float32":
      return new Float32Array(bytes.buffer, at, length);
    default:
      return new Uint16Array(bytes.buffer, at, length);
  }
}

/** Fills slices of the tensors of one plan. */
export class TensorSource {
  readonly #plan: Pick<WeightsPlan, "tensors" | "keras">;
  #keras: readonly KerasWeightPlan[] | undefined;

  constructor(plan: Pick<WeightsPlan, "tensors" | "keras">) {
    this.#plan = plan;
  }

  /** Fills `out` with the elements of the `index`-th tensor from `offset` on. */
  fill(index: number, out: TensorArray, offset: number): void {
    const tensor = this.#plan.tensors[index];
    if (!tensor) throw new RangeError(`index: expected a tensor of the plan, got ${index}`);
    const { shape, dtype, source } = tensor;
    if (source.kind === "initializer") {
      const { className, config, stream, zeroRow } = source;
      deserialize({ class_name: className, config }, { stream }).fill(out as Float32Array, shape, {
        offset,
        dtype: dtype as "float32",
      });
      if (zeroRow === undefined) return;
      const row = shape[1] ?? 1;
      const start = Math.max(0, zeroRow * row - offset);
      const end = Math.max(0, (zeroRow + 1) * row - offset);
      (out as Float32Array).fill(0, start, end); // the bits of zero are 0 in every dtype
      return;
    }
    const { keras } = this.#plan;
    if (keras === null) throw new RangeError("keras: expected the model of the plan, got none");
    this.#keras ??= kerasWeightPlans(keras.json, { seed: keras.seed, stream: keras.stream });
    this.#keras[source.index]?.fill(out as Float32Array, offset);
  }
}
