// The activations of the dense engine: a name, its kernels, and the constant they take. One line each.
// Source: keras.activations 3.16 for the constants.

import type { Kernels } from "@fanin/core/runtime";

type Forward = (kernels: Kernels, out: number, x: number, n: number) => void;
type Backward = (kernels: Kernels, out: number, x: number, dy: number, n: number) => void;

/** The kernels of one activation; null for the identity. */
export type Activation = readonly [forward: Forward, backward: Backward] | null;

export const LEAKY_SLOPE = 0.2;
const ELU_ALPHA = 1;

/** Every activation by its Keras name. */
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

/** Other names that Keras has for an activation. */
const aliases: Readonly<Record<string, string>> = { hard_swish: "hard_silu", swish: "silu" };

/**
 * Keras's first name of an activation that has two, such as `silu` for `swish`; any other value as it is.
 *
 * @example
 * resolveActivation("swish"); // => 'silu'
 */
export function resolveActivation<T>(name: T): T | string {
  return (typeof name === "string" && Object.hasOwn(aliases, name) && aliases[name]) || name;
}
