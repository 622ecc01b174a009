// torch.nn.init.trunc_normal_ as PyTorch 2.13 draws it: by rejection, two ways. Releases before it used erfinv.
// Source: torch/nn/init.py (_no_grad_trunc_normal_), PyTorch 2.13.

import { elementTypes, type FloatDType, roundTo } from "@fanin/tensor";
import { expectNumber } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import { normalCdf, truncatedNormal } from "../random/distribution.ts";
import { getStreams, SCRATCH_LENGTH } from "../runtime/streams.ts";
import { expectRange, expectStd, type Filled, fillNormal, fillUniform } from "./fill.ts";
import type { Generator } from "./generator.ts";
import { defineFill, type GeneratorOptions, type TorchInitializer } from "./initializer.ts";

const parameters = {
  /** Defaults to 0. */
  mean: { default: 0, expect: expectNumber } as Parameter<number>,
  /** The standard deviation before the cut. Defaults to 1. */
  std: { default: 1, expect: expectScale } as Parameter<number>,
  /** The lower cut, a value and not a number of standard deviations. Defaults to -2. */
  a: { default: -2, expect: expectNumber } as Parameter<number>,
  /** The upper cut, a value. Defaults to 2. */
  b: { default: 2, expect: expectNumber } as Parameter<number>,
};

/** Options of {@link truncNormal}. */
export interface TruncNormalOptions extends OptionsOf<typeof parameters>, GeneratorOptions {}

interface Cut {
  readonly mean: number;
  readonly std: number;
  readonly a: number;
  readonly b: number;
}

function expectScale(name: string, value: unknown): number {
  const std = expectNumber(name, value);
  if (std === 0) throw new RangeError(`${name}: expected a number other than 0, got 0`);
  return std;
}

/** Whether so much of the normal is within [a, b] that drawing normals until they fit is the quicker way. */
function drawsNormals({ mean, std, a, b }: Cut): boolean {
  return normalCdf((b - mean) / std) - normalCdf((a - mean) / std) > ENOUGH;
}

const ENOUGH = 0.3;

/** Normals, of which those outside are replaced by the same elements of whole new tensors. */
function fillByNormals(data: Filled, dtype: FloatDType, generator: Generator, { mean, std, a, b }: Cut): void {
  const { decode } = elementTypes[dtype];
  const [low, high] = [roundTo(dtype, a), roundTo(dtype, b)];
  const isOutside = (i: number): boolean => {
    const value = decode(data[i] as number);
    return value < low || value > high;
  };
  fillNormal(data, dtype, generator, mean, std);
  let outside = indicesWhere(data.length, isOutside);
  if (outside.length === 0) return;
  const fresh = elementTypes[dtype].allocate(data.length);
  while (outside.length > 0) {
    fillNormal(fresh, dtype, generator, mean, std);
    for (const i of outside) data[i] = fresh[i] as number;
    outside = outside.filter(isOutside);
  }
}

function indicesWhere(length: number, test: (i: number) => boolean): number[] {
  const found: number[] = [];
  for (let i = 0; i < length; i++) if (test(i)) found.push(i);
  return found;
}

/** Uniform candidates, accepted with a probability that is their density relative to the highest in [a, b]. */
function fillByUniforms(data: Float32Array<ArrayBuffer>, generator: Generator, { mean, std, a, b }: Cut): void {
  const n = data.length;
  const mode = Math.max(a, Math.min(mean, b));
  const logPeak = -0.5 * ((mode - mean) / std) ** 2;
  const candidates = new Float32Array(n);
  const u = new Float32Array(n);
  const pending = new Uint8Array(n).fill(1);
  for (let left = n; left > 0; ) {
    fillUniform(candidates, "float32", generator, a, b);
    fillUniform(u, "float32", generator, 0, 1);
    left = 0;
    for (let start = 0; start < n; start += SCRATCH_LENGTH) {
      const end = Math.min(n, start + SCRATCH_LENGTH);
      const part = (array: Float32Array): Float32Array => array.subarray(start, end);
      left += acceptRound(part(data), pending.subarray(start, end), part(candidates), part(u), mean, std, logPeak);
    }
  }
}

/** {@link fillByUniforms} in another type: every operation is rounded to it, as in torch. */
function fillRoundedByUniforms(data: Filled, dtype: FloatDType, generator: Generator, { mean, std, a, b }: Cut): void {
  const n = data.length;
  const { allocate, decode } = elementTypes[dtype];
  const isDouble = dtype === "float64";
  const scalar = isDouble ? (value: number): number => value : Math.fround;
  const round = (value: number): number => roundTo(dtype, scalar(value));
  const mode = Math.max(a, Math.min(mean, b));
  // sub_ rounds its scalar to the tensor's type, div_ and mul_ only to float32.
  const [centre, logPeak] = [roundTo(dtype, mean), roundTo(dtype, -0.5 * ((mode - mean) / std) ** 2)];
  const deviation = scalar(std);
  const candidates = allocate(n);
  const u = allocate(n);
  let pending = Array.from({ length: n }, (_, i) => i);
  while (pending.length > 0) {
    fillUniform(candidates, dtype, generator, a, b);
    fillUniform(u, dtype, generator, 0, 1);
    for (const i of pending) data[i] = candidates[i] as number;
    pending = pending.filter((i) => {
      const z = round(round(decode(candidates[i] as number) - centre) / deviation);
      const logDensity = round(round(round(z * z) * -0.5) - logPeak);
      return round(Math.log(decode(u[i] as number))) > logDensity;
    });
  }
}

function acceptRound(
  data: Float32Array,
  pending: Uint8Array,
  candidates: Float32Array,
  u: Float32Array,
  mean: number,
  std: number,
  logPeak: number,
): number {
  const { kernels, arena } = getStreams();
  const n = data.length;
  return arena.scope((alloc) => {
    const [out, flags, proposed, uniform] = [alloc(n * 4), alloc(n), alloc(n * 4), alloc(n * 4)];
    arena.f32(out, n).set(data);
    arena.u8(flags, n).set(pending);
    arena.f32(proposed, n).set(candidates);
    arena.f32(uniform, n).set(u);
    const left = kernels.trunc_normal_round_f32(out, flags, proposed, uniform, n, mean, std, logPeak);
    data.set(arena.f32(out, n));
    pending.set(arena.u8(flags, n));
    return left;
  });
}

/**
 * `torch.nn.init.trunc_normal_`: normal, redrawn until within [a, b]. The cuts are values: with std 0.02 the defaults cut
 * nothing. As in torch, the time grows without bound as [a, b] gets wide and its share of the normal small.
 *
 * @throws RangeError for std 0 and, where less than 0.3 of the normal is within, for a > b.
 * @example
 * manualSeed(0);
 * truncNormal([5, 3], { mean: 0, std: 0.02, a: -2, b: 2 });
 */
export const truncNormal: TorchInitializer<TruncNormalOptions> = defineFill("truncNormal", {
  parameters,
  distribution: (_shape, { mean, std, a, b }) => {
    const { mean: centre, variance, cdf } = truncatedNormal(mean, std, (a - mean) / std, (b - mean) / std);
    return { mean: centre, variance, support: [a, b], cdf };
  },
  expectValues: (cut, dtype) => {
    if (drawsNormals(cut)) expectStd(cut.std);
    else expectRange(cut.a, cut.b, dtype);
  },
  fill: (data, _shape, cut, { dtype, generator }) => {
    if (drawsNormals(cut)) fillByNormals(data, dtype, generator, cut);
    else if (data instanceof Float32Array) fillByUniforms(data, generator, cut);
    else fillRoundedByUniforms(data, dtype, generator, cut);
  },
});
