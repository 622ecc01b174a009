// torch.nn.init after torch.manual_seed(seed): every function by torch's name, with or without its underscore.
// Source: torch/nn/init.py, PyTorch 2.13; shapes are torch's, (out, in, ...).

import {
  constant,
  dirac,
  eye,
  get,
  type Initializer,
  type Law,
  ones,
  orthogonal,
  randomNormal,
  randomUniform,
  zeros,
} from "@fanin/core";
import { initializers as jax } from "@fanin/core/jax";
import * as torch from "@fanin/core/torch";
import type { Shape } from "@fanin/tensor";
import { completeArguments, findByName, type NamedArguments, required } from "./named-arguments.ts";
import type { Sample, SampleRequest } from "./sample-source.ts";

/** Arguments that the function itself checks. */
type Arguments = Readonly<Record<string, never>>;

/** A function of torch.nn.init. */
interface TorchFunction {
  readonly defaults: NamedArguments;
  readonly isConstant?: boolean;
  draw(shape: Shape, options: Arguments): torch.Tensor;
  /** Called with arguments that `draw` has accepted. */
  law(shape: Shape, options: Readonly<Record<string, number>>): Law;
}

/** Converts a shape to Keras's layout, (..., in, out), in which @fanin/core counts the same fans. */
function kerasShape([outputs = 1, inputs = 1, ...kernel]: Shape): Shape {
  return [...kernel, inputs, outputs];
}

/** Returns the distribution of the equivalent initializer in Keras's layout; torch also accepts a mode in capitals. */
const twinLaw = (className: string) => (shape: Shape, config: Readonly<Record<string, unknown>>) => {
  const mode = typeof config["mode"] === "string" ? { mode: config["mode"].toLowerCase() } : {};
  return get({ class_name: className, config: { ...config, ...mode } }).law(kerasShape(shape));
};

const lawOf = (initializer: Initializer, shape: Shape): Law => initializer.law(shape);

function truncatedLaw(shape: Shape, { mean = 0, std = 1, a = -2, b = 2 }: Readonly<Record<string, number>>): Law {
  const centred = jax.truncatedNormal({ stddev: std, lower: (a - mean) / std, upper: (b - mean) / std }).law(shape);
  return { mean: centred.mean + mean, variance: centred.variance, support: [a, b] };
}

function sparseLaw([rows = 0]: Shape, { sparsity = 0, std = 0.01 }: Readonly<Record<string, number>>): Law {
  const zeroRows = Math.min(rows, Math.ceil(sparsity * rows));
  const variance = rows === 0 ? 0 : (std ** 2 * (rows - zeroRows)) / rows;
  return { mean: 0, variance, support: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] };
}

const kaiming: NamedArguments = { a: 0, mode: "fan_in", nonlinearity: "leaky_relu" };

/** Every function by torch's name without the underscore, with torch's default arguments. */
export const torchFunctions: Readonly<Record<string, TorchFunction>> = {
  uniform: {
    defaults: { a: 0, b: 1 },
    draw: torch.uniform,
    law: (shape, { a = 0, b = 1 }) => lawOf(randomUniform({ minval: a, maxval: b }), shape),
  },
  normal: {
    defaults: { mean: 0, std: 1 },
    draw: torch.normal,
    law: (shape, { mean = 0, std = 1 }) => lawOf(randomNormal({ mean, stddev: std }), shape),
  },
  trunc_normal: { defaults: { mean: 0, std: 1, a: -2, b: 2 }, draw: torch.truncNormal, law: truncatedLaw },
  constant: {
    defaults: { val: required },
    isConstant: true,
    draw: (shape, options) => torch.constant(shape, options as unknown as torch.ConstantOptions),
    law: (shape, { val = 0 }) => lawOf(constant({ value: val }), shape),
  },
  ones: { defaults: {}, isConstant: true, draw: torch.ones, law: (shape) => lawOf(ones(), shape) },
  zeros: { defaults: {}, isConstant: true, draw: torch.zeros, law: (shape) => lawOf(zeros(), shape) },
  eye: { defaults: {}, isConstant: true, draw: torch.eye, law: (shape) => lawOf(eye(), shape) },
  dirac: {
    defaults: { groups: 1 },
    isConstant: true,
    draw: torch.dirac,
    law: (shape, { groups = 1 }) => lawOf(dirac({ groups }), kerasShape(shape)),
  },
  xavier_uniform: { defaults: { gain: 1 }, draw: torch.xavierUniform, law: twinLaw("XavierUniform") },
  xavier_normal: { defaults: { gain: 1 }, draw: torch.xavierNormal, law: twinLaw("XavierNormal") },
  kaiming_uniform: { defaults: kaiming, draw: torch.kaimingUniform, law: twinLaw("KaimingUniform") },
  kaiming_normal: { defaults: kaiming, draw: torch.kaimingNormal, law: twinLaw("KaimingNormal") },
  orthogonal: {
    defaults: { gain: 1 },
    draw: torch.orthogonal,
    law: (shape, { gain = 1 }) => lawOf(orthogonal({ gain }), kerasShape(shape)),
  },
  sparse: {
    defaults: { sparsity: required, std: 0.01 },
    draw: (shape, options) => torch.sparse(shape, options as unknown as torch.SparseOptions),
    law: sparseLaw,
  },
};

/** Draws as torch does after `torch.manual_seed(seed)`. */
export function torchSample({ name, config, shape, seed, dtype }: SampleRequest): Sample {
  const key = name.replace(/_$/, "");
  const chosen = findByName("torch.nn.init", key, torchFunctions);
  const options = completeArguments(name, config, chosen.defaults);
  if (dtype !== undefined && dtype !== "float32") {
    throw new RangeError(`dtype: expected float32 for the stream torch, got ${dtype}`);
  }
  torch.manualSeed(seed);
  const { data } = chosen.draw(shape, options as Arguments);
  return {
    initializer: `${key}_`,
    config: options,
    stream: chosen.isConstant ? null : "torch",
    dtype: "float32",
    data: data as Float32Array<ArrayBuffer>,
    law: chosen.law(shape, options as Readonly<Record<string, number>>),
    fans: shape.length < 2 ? null : torch.computeTorchFans(shape),
  };
}
