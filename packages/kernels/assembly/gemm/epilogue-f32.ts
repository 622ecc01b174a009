// The end of a product: a bias for each column, then an activation, on rows that are still in cache. Tiles do the bias and relu
// themselves.
// Source: the fused MatMul of TensorFlow.js 4.22 (its activations, by number), and the other activations of Keras.

import { addToRow } from "../elementwise/row-f32";
import {
  elu_f32,
  gelu_f32,
  leaky_relu_f32,
  relu_f32,
  relu6_f32,
  selu_f32,
  sigmoid_f32,
  silu_f32,
  softplus_f32,
  tanh_f32,
} from "../generated/elementwise-f32";

export const LINEAR: u32 = 0;
export const RELU: u32 = 1;
const RELU6: u32 = 2;
const LEAKY_RELU: u32 = 3; // slope `alpha`
const ELU: u32 = 4; // `alpha`
const SIGMOID: u32 = 5;
const TANH: u32 = 6;
const GELU: u32 = 7;
const SILU: u32 = 8;
const SOFTPLUS: u32 = 9;
const SELU: u32 = 10;

/** Applies activation number `activation` to `n` floats in place. */
function activate(x: usize, n: u32, activation: u32, alpha: f32): void {
  if (activation == RELU) relu_f32(x, x, n);
  else if (activation == RELU6) relu6_f32(x, x, n);
  else if (activation == LEAKY_RELU) leaky_relu_f32(x, x, n, alpha);
  else if (activation == ELU) elu_f32(x, x, n, alpha);
  else if (activation == SIGMOID) sigmoid_f32(x, x, n);
  else if (activation == TANH) tanh_f32(x, x, n);
  else if (activation == GELU) gelu_f32(x, x, n);
  else if (activation == SILU) silu_f32(x, x, n);
  else if (activation == SOFTPLUS) softplus_f32(x, x, n);
  else if (activation == SELU) selu_f32(x, x, n);
}

/** c (rows x cols, rows `ldc` bytes apart) = activation(c + bias); a `bias` of 0 means no bias. */
export function epilogue(c: usize, ldc: usize, rows: u32, cols: u32, bias: usize, activation: u32, alpha: f32): void {
  if (bias == 0 && activation == LINEAR) return;
  for (let i: u32 = 0; i < rows; i++, c += ldc) {
    if (bias != 0) addToRow(c, bias, cols);
    activate(c, cols, activation, alpha);
  }
}
