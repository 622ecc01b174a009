// The steps of a propagation on the kernels: layers, slopes and statistics of arrays with a separate power of two.
// Source: Glorot and Bengio 2010 for the statistics; scaling by powers of two is exact, so 1e-100 does not underflow.

import { getRuntime, type Runtime } from "@fanin/core/runtime";
import { type ActivationName, activations } from "../engine/activations.ts";
import { type ActivationFunction, activationFunctions } from "./activation-functions.ts";
import { ln, powerOfTwo } from "./elementary.ts";
import type { SignalNetwork } from "./network.ts";

// The value is 2^exponent times memory. The exponent is 0 within 2^+-40; beyond, an activation equals its slopes in f32.
const SCALE_LIMIT = 40;
const SATURATED: Readonly<Record<string, number>> = { sigmoid: 0.25, tanh: 1 };
const SATURATION = 1 - 0.97 * 0.97;

/** An array in WebAssembly memory with its power of two. */
export interface Scaled {
  readonly pointer: number;
  readonly length: number;
  exponent: number;
}

/** The memory, the sizes and the steps of one propagation. */
export class SignalPass {
  readonly #runtime: Runtime;
  readonly #alloc: (bytes: number) => number;
  readonly #activation: ActivationName;
  readonly #function: ActivationFunction;
  readonly #rows: number;
  readonly #bins: number;
  readonly #workspace: number;
  readonly #ones: number;
  readonly #gram: number;
  readonly #moments: number;
  /** Histograms span [-range, range]. */
  range = 1;

  constructor(network: SignalNetwork, rows: number, bins: number, alloc: (bytes: number) => number) {
    this.#runtime = getRuntime();
    this.#alloc = alloc;
    this.#activation = network.activation;
    this.#function = activationFunctions[network.activation];
    this.#rows = rows;
    this.#bins = bins;
    const { kernels } = this.#runtime;
    const widest = Math.max(...network.layers);
    const side = Math.min(rows, widest);
    this.#workspace = alloc(
      Math.max(
        kernels.gemm_workspace_f32(rows, widest, widest),
        kernels.gemm_workspace_f32(side, side, Math.max(rows, widest)),
      ),
    );
    this.#ones = alloc(rows * widest * 4);
    this.#runtime.arena.f32(this.#ones, rows * widest).fill(1);
    this.#gram = alloc(side * side * 4);
    this.#moments = alloc(32);
  }

  /** Allocates an uninitialized array of `length` floats. */
  array(length: number): Scaled {
    return { pointer: this.#alloc(length * 4), length, exponent: 0 };
  }

  /** The values in memory, as a view that is valid until the next allocation. */
  view({ pointer, length }: Scaled): Float32Array {
    return this.#runtime.arena.f32(pointer, length);
  }

  /** ln of the true mean square; -Infinity for zeros. */
  lnMeanSquare(x: Scaled): number {
    const { kernels, arena } = this.#runtime;
    kernels.moments_f32(this.#moments, x.pointer, x.length);
    const [mean = 0, squares = 0] = arena.f64(this.#moments, 2);
    return ln(squares / x.length + mean * mean) + 2 * x.exponent * Math.LN2;
  }

  /** Multiplies memory by 2^(from - to), which keeps the true values. */
  #rescale(x: Scaled, exponent: number): void {
    const shift = Math.max(-300, Math.min(300, x.exponent - exponent));
    if (shift !== 0) {
      const factor = powerOfTwo(shift);
      const values = this.view(x);
      for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * factor;
    }
    x.exponent = exponent;
  }

  /** Rescales values that are far from 1, and resets the exponent of values that are not. */
  normalize(x: Scaled, lnMeanSquare: number): void {
    const exponent = lnMeanSquare / (2 * Math.LN2);
    if (!Number.isFinite(exponent)) return;
    this.#rescale(x, Math.abs(exponent) > SCALE_LIMIT ? Math.round(exponent) : 0);
  }

  /** out = x W + bias. */
  dense(out: Scaled, x: Scaled, weights: number, inputs: number, outputs: number, bias: Float32Array | null): void {
    const { kernels } = this.#runtime;
    const rows = this.#rows;
    kernels.gemm_f32(
      rows,
      outputs,
      inputs,
      x.pointer,
      inputs,
      1,
      weights,
      outputs,
      1,
      0,
      out.pointer,
      outputs,
      this.#workspace,
    );
    out.exponent = x.exponent;
    if (bias) {
      const factor = powerOfTwo(Math.max(-1000, Math.min(1000, -x.exponent)));
      const z = this.view(out);
      for (let i = 0; i < z.length; i += outputs) {
        for (let j = 0; j < outputs; j++) z[i + j] = (z[i + j] ?? 0) + (bias[j] ?? 0) * factor;
      }
    }
  }

  /** out = x W^T: the gradient one layer below, before the slopes of the units. */
  transposed(out: Scaled, x: Scaled, weights: number, inputs: number, outputs: number): void {
    const rows = this.#rows;
    const { kernels } = this.#runtime;
    kernels.gemm_f32(
      rows,
      inputs,
      outputs,
      x.pointer,
      outputs,
      1,
      weights,
      1,
      outputs,
      0,
      out.pointer,
      inputs,
      this.#workspace,
    );
    out.exponent = x.exponent;
  }

  /** a = f(z) and the slopes f'(z). Far from 1, both follow from the slopes of f; z is clamped if f is bounded. */
  activate(a: Scaled, z: Scaled, isLast: boolean): Scaled {
    const { kernels } = this.#runtime;
    const kernel = isLast ? null : activations[this.#activation];
    const slopes = z.exponent < 0 ? this.#function.tiny : this.#function.huge;
    const result = this.array(z.length);
    if (kernel === null) {
      this.view(result).fill(1);
      this.view(a).set(this.view(z));
      a.exponent = z.exponent;
      return result;
    }
    if (z.exponent !== 0 && slopes) {
      const [from, to, derivatives] = [this.view(z), this.view(a), this.view(result)];
      for (let i = 0; i < from.length; i++) {
        const x = from[i] ?? 0;
        const slope = slopes[x > 0 ? 1 : 0];
        derivatives[i] = slope;
        to[i] = slope * x;
      }
      a.exponent = z.exponent;
      return result;
    }
    const x = z.exponent === 0 ? z : this.array(z.length);
    if (x !== z) {
      const factor = powerOfTwo(Math.max(-150, Math.min(60, z.exponent)));
      const [from, to] = [this.view(z), this.view(x)];
      for (let i = 0; i < from.length; i++) to[i] = (from[i] ?? 0) * factor;
    }
    kernel[1](kernels, result.pointer, x.pointer, this.#ones, z.length);
    kernel[0](kernels, a.pointer, x.pointer, z.length);
    a.exponent = 0;
    return result;
  }

  /** Multiplies by the slopes of the units. */
  multiply(x: Scaled, slopes: Scaled): void {
    const [values, derivatives] = [this.view(x), this.view(slopes)];
    for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * (derivatives[i] ?? 0);
  }

  /** The share of units with slope 0 for every row. */
  dead(slopes: Scaled, units: number): number {
    const derivatives = this.view(slopes);
    const isAlive = new Uint8Array(units);
    let alive = 0;
    // Most units are alive in the first rows, so the other rows are rarely read.
    for (let i = 0; i < derivatives.length && alive < units; i += units) {
      for (let j = 0; j < units; j++) {
        if (derivatives[i + j] === 0 || isAlive[j] === 1) continue;
        isAlive[j] = 1;
        alive++;
      }
    }
    return 1 - alive / units;
  }

  /** The share of slopes below 6 % of the steepest; null for unbounded activations. */
  saturated(slopes: Scaled): number | null {
    const steepest = SATURATED[this.#activation];
    if (steepest === undefined) return null;
    const derivatives = this.view(slopes);
    let count = 0;
    for (const slope of derivatives) if (slope < SATURATION * steepest) count++;
    return count / derivatives.length;
  }

  /** The mean cosine of rows 2i and 2i + 1. */
  correlation(z: Scaled, units: number): number | null {
    const values = this.view(z);
    let sum = 0;
    const pairs = Math.floor(this.#rows / 2);
    for (let pair = 0; pair < pairs; pair++) {
      let [xx, xy, yy] = [0, 0, 0];
      for (let i = 2 * pair * units, end = i + units; i < end; i++) {
        const x = values[i] ?? 0;
        const y = values[i + units] ?? 0;
        xx += x * x;
        xy += x * y;
        yy += y * y;
      }
      sum += xy / Math.sqrt(xx * yy);
    }
    return pairs > 0 && Number.isFinite(sum) ? sum / pairs : null;
  }

  /** The squared trace of the Gram matrix divided by the sum of its squared entries. */
  effectiveRank(a: Scaled, units: number): number | null {
    const { kernels, arena } = this.#runtime;
    const rows = this.#rows;
    const side = Math.min(rows, units);
    const [stride, other] = rows <= units ? [units, 1] : [1, units];
    const at = a.pointer;
    const depth = Math.max(rows, units);
    kernels.gemm_f32(side, side, depth, at, stride, other, at, other, stride, 0, this.#gram, side, this.#workspace);
    const gram = arena.f32(this.#gram, side * side);
    let [trace, squares] = [0, 0];
    for (let i = 0; i < gram.length; i++) squares += (gram[i] ?? 0) * (gram[i] ?? 0);
    for (let i = 0; i < side; i++) trace += gram[i * side + i] ?? 0;
    const rank = (trace * trace) / squares;
    return Number.isFinite(rank) ? rank : null;
  }

  /** Counts of true activations on [-range, range]; the outer bins include values beyond. */
  histogram(a: Scaled): number[] {
    const counts = new Uint32Array(this.#bins);
    const unit = powerOfTwo(Math.max(-1000, Math.min(1000, a.exponent)));
    const scale = (unit * this.#bins) / (2 * this.range);
    const middle = this.#bins / 2;
    const last = this.#bins - 1;
    const values = this.view(a);
    for (let i = 0; i < values.length; i++) {
      const place = (values[i] ?? 0) * scale + middle;
      // Truncation is floor for non-negative values; NaN is in no bin.
      const bin = place >= last ? last : place > 0 ? place | 0 : 0;
      if (!Number.isNaN(place)) counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return Array.from(counts);
  }
}
