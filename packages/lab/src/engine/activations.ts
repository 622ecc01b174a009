// The activations of the dense engine: name, kernels and the kernels' constant. One line each.
// Source: keras.activations 3.15 for the constants.

import type { Kernels } from "@fanin/core/runtime";

type Forward = (kernels: Kernels, out: number, x: number, n: number) => void;
type Backward = (kernels: Kernels, out: number, x: number, dy: number, n: number) => void;

/** The kernels of one activation; null for the identity. */
export type Activation = readonly [forward: Forward, backward: Backward] | null;

export const LEAKY_SLOPE = 0.2;
const ELU_ALPHA = 1;

/** All activations by Keras name. */
export const activations: Readonly<Record<ActivationName, Activation>> = {
  elu: [
    (k, out, x, n) => k.elu_f32(out, x, n, ELU_ALPHA),
    (k, out, x, dy, n) => k.elu_gradient_f32(out, x, dy, n, ELU_ALPHA),
  ],
  gelu: [(k, ...a) => k.gelu_f32(...a), (k, ...a) => k.gelu_gradient_f32(...a)],
  leaky_relu: [
    (k, out, x, n) => k.leaky_relu_f32(out, x, n, LEAKY_SLOPE),
    (k, out, x, dy, n) => k.leaky_relu_gradient_f32(out, x, dy, n, LEAKY_SLOPE),
  ],
  linear: null,
  relu: [(k, ...a) => k.relu_f32(...a), (k, ...a) => k.relu_gradient_f32(...a)],
  selu: [(k, ...a) => k.selu_f32(...a), (k, ...a) => k.selu_gradient_f32(...a)],
  sigmoid: [(k, ...a) => k.sigmoid_f32(...a), (k, ...a) => k.sigmoid_gradient_f32(...a)],
  silu: [(k, ...a) => k.silu_f32(...a), (k, ...a) => k.silu_gradient_f32(...a)],
  softplus: [(k, ...a) => k.softplus_f32(...a), (k, ...a) => k.softplus_gradient_f32(...a)],
  tanh: [(k, ...a) => k.tanh_f32(...a), (k, ...a) => k.tanh_gradient_f32(...a)],
};

/** The name of an activation. */
export type ActivationName =
  | "elu"
  | "gelu"
  | "leaky_relu"
  | "linear"
  | "relu"
  | "selu"
  | "sigmoid"
  | "silu"
  | "softplus"
  | "tanh";

/** Keras's aliases of activations. */
const aliases: Readonly<Record<string, string>> = { hard_swish: "hard_silu", swish: "silu" };

/**
 * Resolves Keras's alias of an activation, such as `swish` to `silu`. Returns any other value unchanged.
 *
 * @example
 * resolveActivation("swish"); // => 'silu'
 */
export function resolveActivation<T>(name: T): T | string {
  return (typeof name === "string" && Object.hasOwn(aliases, name) && aliases[name]) || name;
}
