// The activations and their gradients against float64.

import { floats, type KernelCase, type KernelName, lengths } from "../harness.ts";
import { activations } from "../reference/activations.ts";

const constants: Record<string, number> = { leaky_relu: 0.2, elu: 1.5 };

function elementwise(name: string): KernelCase[] {
  const [value, slope] = activations[name] ?? [];
  const constant = constants[name];
  const extra = constant === undefined ? [] : [constant];
  const why = "float32 arithmetic: a few rounding errors of values up to 12";
  const forward: KernelCase = {
    kernel: `${name}_f32` as KernelName,
    sizes: lengths(4),
    arguments: (n = 0) => [new Float32Array(n), floats(n, -12, 12), n, ...extra],
    reference: (out: Float32Array, x: Float32Array, n: number, c: number) => {
      for (let i = 0; i < n; i++) out[i] = value?.(x[i] ?? 0, c) ?? 0;
      return undefined;
    },
    inPlace: [[0, 1]],
    tolerance: 5e-7,
    why,
  };
  if (!slope) return [forward];
  const gradient: KernelCase = {
    kernel: `${name}_gradient_f32` as KernelName,
    sizes: lengths(4),
    arguments: (n = 0) => [new Float32Array(n), floats(n, -12, 12), floats(n), n, ...extra],
    reference: (out: Float32Array, x: Float32Array, dy: Float32Array, n: number, c: number) => {
      for (let i = 0; i < n; i++) out[i] = slope(x[i] ?? 0, c) * (dy[i] ?? 0);
      return undefined;
    },
    inPlace: [
      [0, 1],
      [0, 2],
    ],
    tolerance: 1e-6,
    why,
  };
  return [forward, gradient];
}

export const activationCases: readonly KernelCase[] = Object.keys(activations).flatMap(elementwise);
