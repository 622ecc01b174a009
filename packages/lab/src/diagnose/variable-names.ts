// Names of the variables of a `.weights.h5` file, which stores paths alone: `layers/dense_1/vars/0` is `dense_1/kernel`.
// Source: the order of variables in build() of the layers of Keras 3.15.1; keras/src/saving/saving_lib.py for the paths.

const kernel = ["kernel", "bias"];
const cell = ["kernel", "recurrent_kernel", "bias"];

/** Variables in order by the class in the path; the first `least` are always there. */
const classes: readonly (readonly [pattern: RegExp, names: readonly string[], least: number])[] = [
  [/^(dense|einsum_dense|(depthwise_)?conv[123]d(_transpose)?)$/, kernel, 1],
  [/^separable_conv[12]d$/, ["depthwise_kernel", "pointwise_kernel", "bias"], 2],
  [/^embedding$/, ["embeddings"], 1],
  [/^batch_normalization$/, ["gamma", "beta", "moving_mean", "moving_variance"], 4],
  [/^(layer|group)_normalization$/, ["gamma", "beta"], 2],
  [/^rms_normalization$/, ["scale"], 1],
  [/^((lstm|gru|simple_rnn)_)?cell$/, cell, 2],
  [/^(query|key|value|output)_dense$/, kernel, 1],
];

/** The parts of attention have other names in paths. */
const projection = (part: string): string =>
  part === "output_dense" ? "attention_output" : part.replace(/^(query|key|value)_dense$/, "$1");

/**
 * Names of Keras for paths of variables, where the class in the path gives them. Other names are not in the result.
 *
 * @example
 * variableNames(["layers/dense_1/vars/0", "layers/own/vars/0"]); // => Map(1) { 'layers/dense_1/vars/0' => 'dense_1/kernel' }
 */
export function variableNames(names: Iterable<string>): ReadonlyMap<string, string> {
  const groups = new Map<string, number[]>();
  const all = new Set(names);
  for (const name of all) {
    const [, group, index] = /^(.+)\/vars\/(0|[1-9]\d*)$/.exec(name) ?? [];
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), Number(index)]);
  }
  const found = new Map<string, string>();
  const taken = new Set(all);
  for (const [group, indices] of groups) {
    const path = group.split("/").filter((part) => part !== "layers");
    const own = path.at(-1)?.replace(/_\d+$/, "") ?? "";
    const [, variables = [], least = 0] = classes.find(([pattern]) => pattern.test(own)) ?? [];
    const count = indices.length;
    if (count < least || count > variables.length || indices.some((index) => index >= count)) continue;
    const owner = path.map(projection).join("/");
    const named = indices.map((index) => [`${group}/vars/${index}`, `${owner}/${variables[index]}`] as const);
    if (named.some(([, name]) => taken.has(name))) continue;
    for (const [path, name] of named) {
      taken.add(name);
      found.set(path, name);
    }
  }
  return found;
}
