// The candidate distributions of one kernel or bias, with the initializers that draw from them.
// Source: the sources of Keras, PyTorch, JAX, flax and tfjs.

import { type Law, randomNormal, randomUniform, truncatedNormal } from "@fanin/core";
import type { Role } from "./tensor-names.ts";

/** One candidate distribution: its form, its parameters, and the initializers that draw from it. */
export interface CandidateLaw {
  /** As `inspect` prints it: `N(0, 2/fan_in) = He`. */
  readonly description: string;
  /** The initializers that draw from it, such as `he_normal`. */
  readonly name: string;
  readonly form: "uniform" | "normal" | "truncated";
  /** The ends of a uniform distribution; else mean and standard deviation before truncation. */
  readonly parameters: readonly [number, number];
}

/** The properties of a tensor that the distributions depend on. */
export interface LawContext {
  readonly role: Role;
  readonly fanIn: number;
  readonly fanOut: number;
  /** Hidden units of a recurrent layer. */
  readonly hidden: number;
}

const TRUNCATED = 0.87962566103423978; // standard deviation of a standard normal truncated at 2

type Row = readonly [name: string, description: string];

const uniform = (limit: number, [name, description]: Row): CandidateLaw => ({
  name,
  description,
  form: "uniform",
  parameters: [-limit, limit],
});
const normal = (stddev: number, [name, description]: Row): CandidateLaw => ({
  name,
  description,
  form: "normal",
  parameters: [0, stddev],
});
const truncated = (stddev: number, [name, description]: Row): CandidateLaw => ({
  name,
  description,
  form: "truncated",
  parameters: [0, stddev],
});

/** The distributions whose width depends on the fans, per fan mode and scale. */
function scaledLaws({ fanIn, fanOut }: LawContext): CandidateLaw[] {
  const rows = [
    { who: "He", name: "he", variance: 2 / fanIn, text: "2/fan_in" },
    { who: "Glorot", name: "glorot", variance: 2 / (fanIn + fanOut), text: "2/(fan_in+fan_out)" },
    { who: "LeCun", name: "lecun", variance: 1 / fanIn, text: "1/fan_in" },
    { who: "He by fan_out", name: "he_fan_out", variance: 2 / fanOut, text: "2/fan_out" },
  ] as const;
  return rows.flatMap(({ who, name, variance, text }) => [
    uniform(Math.sqrt(3 * variance), [`${name}_uniform`, `U, variance ${text} = ${who} uniform`]),
    truncated(Math.sqrt(variance) / TRUNCATED, [
      `${name}_normal`,
      `truncated N(0, ${text}) = ${who} normal (Keras, JAX)`,
    ]),
    normal(Math.sqrt(variance), [`${name}_normal_untruncated`, `N(0, ${text}) = ${who} (PyTorch)`]),
    // tfjs 4.22 does not divide by the constant, so truncation costs it 23 % of the variance.
    truncated(Math.sqrt(variance), [
      `tfjs_${name}_normal`,
      `truncated N, 0.774·${text} = ${who} normal of tfjs 4, too small`,
    ]),
  ]);
}

/** The fixed distributions that frameworks use as defaults. */
function fixedLaws(): CandidateLaw[] {
  return [
    normal(1, ["normal_1", "N(0, 1): PyTorch's Embedding"]),
    normal(0.05, ["random_normal", "N(0, 0.05²): Keras's RandomNormal"]),
    truncated(0.05, ["truncated_normal", "truncated N, 0.05: Keras's TruncatedNormal"]),
    normal(0.02, ["normal_0.02", "N(0, 0.02²): GPT-2, BERT in PyTorch, timm's trunc_normal_"]),
    truncated(0.02, ["truncated_normal_0.02", "truncated N, 0.02: BERT and ViT in TensorFlow and JAX"]),
    truncated(0.02 / TRUNCATED, ["truncated_normal_0.02_corrected", "truncated N of standard deviation 0.02"]),
    normal(0.01, ["normal_0.01", "N(0, 0.01²): AlexNet, VGG, JAX's normal"]),
    uniform(0.05, ["random_uniform", "U(±0.05): Keras's RandomUniform and Embedding"]),
    uniform(0.5, ["uniform_0.5", "U(±0.5): TensorFlow Playground"]),
    { name: "uniform_0_1", description: "U(0, 1): torch's uniform_", form: "uniform", parameters: [0, 1] },
    { name: "jax_uniform", description: "U(0, 0.01): JAX's uniform", form: "uniform", parameters: [0, 0.01] },
  ];
}

/** Every distribution that the values of such a tensor may have. */
export function candidateLaws(context: LawContext): CandidateLaw[] {
  const { role, fanIn, hidden } = context;
  const torch = uniform(1 / Math.sqrt(fanIn), ["pytorch_default", "U(±1/√fan_in) = PyTorch's default"]);
  const cell = uniform(1 / Math.sqrt(hidden), ["pytorch_recurrent", "U(±1/√hidden) = PyTorch's recurrent layers"]);
  if (role === "bias") return [hidden > 0 ? cell : torch, ...fixedLaws()];
  const siren = [
    uniform(1 / fanIn, ["siren_first", "U(±1/fan_in) = SIREN's first layer"]),
    uniform(Math.sqrt(6 / fanIn) / 30, ["siren", "U(±√(6/fan_in)/30) = SIREN"]),
  ];
  return [torch, ...(role === "recurrent" ? [cell] : []), ...scaledLaws(context), ...siren, ...fixedLaws()];
}

/** Mean, variance, support and distribution function of a candidate. */
export function lawOf({ form, parameters: [a, b] }: CandidateLaw): Law {
  // None of the three distributions depends on the shape.
  if (form === "uniform") return randomUniform({ minval: a, maxval: b, seed: 0 }).law([1]);
  return (form === "normal" ? randomNormal : truncatedNormal)({ mean: a, stddev: b, seed: 0 }).law([1]);
}

/** The log-density of n values within the distribution's support, from their moments. */
export function logLikelihood(
  { form, parameters: [a, b] }: CandidateLaw,
  { n, mean, variance }: { readonly n: number; readonly mean: number; readonly variance: number },
): number {
  if (form === "uniform") return -n * Math.log(b - a);
  const inside = form === "truncated" ? 0.9544997361036416 : 1; // mass of a normal within two standard deviations
  return -n * (Math.log(b * inside * Math.sqrt(2 * Math.PI)) + (variance + (mean - a) ** 2) / (2 * b * b));
}
