// EinsumDense: the shapes that its equation gives kernel and bias.
// Source: keras/src/layers/core/einsum_dense.py (_analyze_einsum_string, _update_kernel_initializer) 3.15.1.

import { KerasModelError } from "../keras-model-error.ts";
import { type Construction, inputOf, type LayerDefinition, type WeightPlan } from "../layer.ts";
import type { LayerInitializer } from "../layer-initializer.ts";
import { formatPartial, type PartialShape } from "../partial-shape.ts";

/** What an einsum layer is made of. */
export interface Einsum {
  readonly equation: string;
  /** Without the batch and what an ellipsis stands for. */
  readonly outputShape: PartialShape;
  /** Letters of the output; undefined for no bias. */
  readonly biasAxes: string | undefined;
}

/** The shapes of one einsum. */
export interface EinsumShapes {
  readonly kernel: PartialShape;
  readonly bias: PartialShape | undefined;
  readonly output: PartialShape;
  /** Which axes of the kernel are summed over, and which are kept: its fans. */
  readonly inputAxes: readonly number[];
  readonly outputAxes: readonly number[];
}

const forms = [
  { pattern: /^([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)$/, leftElided: false },
  { pattern: /^\.\.\.([a-zA-Z]+),([a-zA-Z]+)->\.\.\.([a-zA-Z]+)$/, leftElided: true },
  { pattern: /^([a-zA-Z]{2,})\.\.\.,([a-zA-Z]+)->([a-zA-Z]+)\.\.\.$/, leftElided: false },
];

function parse(where: string, equation: string) {
  for (const { pattern, leftElided } of forms) {
    const [, input, kernel, output] = pattern.exec(equation) ?? [];
    if (input && kernel && output) return { input, kernel, output, leftElided };
  }
  const expected = "equation: expected [X],[Y]->[Z], ...[X],[Y]->...[Z] or [X]...,[Y]->[Z]...";
  throw new KerasModelError("E_MODEL_CONFIG", where, `${expected}, got ${JSON.stringify(equation)}`);
}

/**
 * The shapes for an input.
 *
 * @throws KerasModelError where equation, output shape and input do not fit.
 */
function einsumShapes(where: string, einsum: Einsum, input: PartialShape): EinsumShapes {
  const { equation, biasAxes } = einsum;
  const letters = parse(where, equation);
  const { leftElided } = letters;
  const elided = input.length - letters.input.length;
  const misfit = (message: string) => new KerasModelError("E_MODEL_SHAPE", where, `${equation}: ${message}`);
  if (elided < 0 || (elided > 0 && !equation.includes("..."))) {
    throw misfit(`expected ${letters.input.length} dimensions, got the input ${formatPartial(input)}`);
  }
  const output: (number | null)[] = [input[0] ?? null, ...einsum.outputShape];
  if (leftElided) output.splice(1, 0, ...input.slice(1, Math.max(1, elided)));
  else output.push(...input.slice(input.length - elided));
  const skipped = leftElided ? elided : 0;
  const sizeIn = (letter: string) => input[letters.input.indexOf(letter) + skipped] ?? null;
  const sizeOut = (letter: string) => output[letters.output.indexOf(letter) + skipped] ?? null;
  if (output.length !== letters.output.length + elided) {
    throw misfit(`expected ${letters.output.length - 1} dimensions of output_shape, got ${einsum.outputShape.length}`);
  }
  for (const letter of letters.input) {
    const kept = letters.output.includes(letter) ? sizeOut(letter) : null;
    if (kept !== null && kept !== sizeIn(letter)) {
      throw misfit(`dimension ${letter} is ${sizeIn(letter)} in the input and ${kept} in the output`);
    }
  }
  const inputAxes: number[] = [];
  const outputAxes: number[] = [];
  const kernel = Array.from(letters.kernel, (letter, axis) => {
    const isKept = letters.output.includes(letter);
    if (!isKept && !letters.input.includes(letter)) throw misfit(`dimension ${letter} is neither in input nor output`);
    (isKept ? outputAxes : inputAxes).push(axis);
    return isKept ? sizeOut(letter) : sizeIn(letter);
  });
  return { kernel, bias: biasShape(), output, inputAxes, outputAxes };

  function biasShape(): PartialShape | undefined {
    if (biasAxes === undefined) return undefined;
    const places = Array.from(biasAxes, (letter) => letters.output.indexOf(letter));
    if (places.length === 0 || places.includes(-1)) {
      throw misfit(`expected bias_axes of the output, got ${JSON.stringify(biasAxes)}`);
    }
    const covered = Array.from(letters.output.slice(Math.min(...places)));
    const sizes = covered.map((letter) => (biasAxes.includes(letter) ? sizeOut(letter) : 1));
    return leftElided ? sizes : [...sizes, ...new Array<number>(elided).fill(1)];
  }
}

/** kernel and bias of an einsum layer; the kernel's fans follow from the equation. */
export function einsumWeights(
  { config, weight }: Construction,
  einsum: Einsum,
  input: PartialShape,
  { kernel, bias }: { readonly kernel: LayerInitializer; readonly bias: LayerInitializer },
): readonly WeightPlan[] {
  const shapes = einsumShapes(config.where, einsum, input);
  const plans = [weight("kernel", shapes.kernel, kernel.withAxes(shapes.inputAxes, shapes.outputAxes))];
  return shapes.bias ? [...plans, weight("bias", shapes.bias, bias)] : plans;
}

/** kernel, bias: their shapes as the equation says. */
export const einsumDense: LayerDefinition = (construction) => {
  const { config, initializer } = construction;
  config.refuse("lora_rank", "quantization_config");
  const outputShape = config.get("output_shape");
  const einsum: Einsum = {
    equation: config.string("equation"),
    outputShape:
      typeof outputShape === "number" ? [config.integer("output_shape")] : (config.shape("output_shape") ?? []),
    biasAxes: config.get("bias_axes") === undefined ? undefined : config.string("bias_axes"),
  };
  const kernel = initializer("kernel_initializer", "glorot_uniform");
  const bias = initializer("bias_initializer", "zeros");
  return {
    build: (inputs) => einsumWeights(construction, einsum, inputOf(inputs), { kernel, bias }),
    outputs: (inputs) => [einsumShapes(config.where, einsum, inputOf(inputs)).output],
  };
};
