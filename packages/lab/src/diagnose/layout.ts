// The axes of a kernel's inputs and outputs by the frameworks' names: (..., in, out) or (out, in, ...).
// Source: the names of keras.Model.weights and of torch's state_dict().

import { computeFans, type Fans } from "@fanin/core";

/** The layout of a kernel: Keras's (..., in, out), or PyTorch's (out, in, ...). */
export type Layout = "keras" | "torch";

/** Every layout. */
export const layouts: readonly Layout[] = ["keras", "torch"];

const torchNames =
  /^(weight|weight_(ih|hh)_l\d+(_reverse)?|in_proj_weight|bias_(ih|hh)_l\d+(_reverse)?|running_(mean|var))$/;
// Without gamma and beta: some PyTorch models use those names too.
const kerasNames = /^(\w+_)?(kernel|embeddings|moving_mean|moving_variance)$/;

/**
 * The last part of a tensor's name.
 *
 * @example
 * lastPart("dense_1/kernel:0"); // => 'kernel'
 * lastPart("layers.0.weight"); // => 'weight'
 */
export function lastPart(name: string): string {
  return name.replace(/:0$/, "").replace(/^.*[/.]/, "");
}

/**
 * The layout that the names of a file's tensors indicate; undefined if they indicate none or both.
 *
 * @example
 * layoutOfNames(["dense/kernel", "dense/bias"]); // => 'keras'
 */
export function layoutOfNames(names: Iterable<string>): Layout | undefined {
  let [isTorch, isKeras] = [false, false];
  for (const name of names) {
    const last = lastPart(name);
    isTorch ||= torchNames.test(last);
    isKeras ||= kerasNames.test(last);
  }
  if (isTorch === isKeras) return undefined;
  return isTorch ? "torch" : "keras";
}

/**
 * The fans of a kernel from its shape and layout.
 *
 * @example
 * fansOf([128, 784], "torch"); // => { fanIn: 784, fanOut: 128 }
 */
export function fansOf(shape: readonly number[], layout: Layout): Fans {
  if (layout === "keras" || shape.length < 2) return computeFans(shape);
  const [outputs = 1, inputs = 1, ...field] = shape;
  return computeFans([...field, inputs, outputs]);
}
