// The candidate distributions of one kernel or bias, with the initializers that draw from them.
// Source: the sources of Keras, PyTorch, JAX, flax and tfjs.

import { type DrawnDistribution, distributions } from "@fanin/core";
import type { TensorReport } from "./inspect-tensor.ts";
import type { Role } from "./tensor-names.ts";

/** One distribution, with the initializers that draw from it. */
export interface Candidate {
  /** As `inspect` prints it: `N(0, 2/fan_in) = He`. */
  readonly description: string;
  /** The initializer, such as `he_normal`. */
  readonly name: string;
  readonly distribution: DrawnDistribution;
}

/** What the distributions of a tensor depend on. */
export interface CandidateContext {
  readonly role: Role;
  readonly fanIn: number;
  readonly fanOut: number;
  /** Hidden units of a recurrent layer. */
  readonly hidden: number;
}

const TRUNCATED = 0.87962566103423978; // standard deviation of a standard normal truncated at 2

type Row = readonly [name: string, description: string];

const uniform = (limit: number, [name, description]: Row): Candidate => ({
  name,
  description,
  distribution: distributions.uniform(-limit, limit),
});
const normal = (stddev: number, [name, description]: Row): Candidate => ({
  name,
  description,
  distribution: distributions.normal(0, stddev),
});
const truncated = (stddev: number, [name, description]: Row): Candidate => ({
  name,
  description,
  distribution: distributions.truncatedNormal(0, stddev),
});

/** The distributions whose width depends on the fans, per fan mode and scale. */
function scaledCandidates({ fanIn, fanOut }: CandidateContext): Candidate[] {
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
function fixedCandidates(): Candidate[] {
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
    { name: "uniform_0_1", description: "U(0, 1): torch's uniform_", distribution: distributions.uniform(0, 1) },
    { name: "jax_uniform", description: "U(0, 0.01): JAX's uniform", distribution: distributions.uniform(0, 0.01) },
  ];
}

/** Every distribution that the values of such a tensor may have. */
export function candidateDistributions(context: CandidateContext): Candidate[] {
  const { role, fanIn, hidden } = context;
  const torch = uniform(1 / Math.sqrt(fanIn), ["pytorch_default", "U(±1/√fan_in) = PyTorch's default"]);
  const cell = uniform(1 / Math.sqrt(hidden), ["pytorch_recurrent", "U(±1/√hidden) = PyTorch's recurrent layers"]);
  if (role === "bias") return [hidden > 0 ? cell : torch, ...fixedCandidates()];
  const siren = [
    uniform(1 / fanIn, ["siren_first", "U(±1/fan_in) = SIREN's first layer"]),
    uniform(Math.sqrt(6 / fanIn) / 30, ["siren", "U(±√(6/fan_in)/30) = SIREN"]),
  ];
  return [torch, ...(role === "recurrent" ? [cell] : []), ...scaledCandidates(context), ...siren, ...fixedCandidates()];
}

/** The logarithm of the density of n values within the support, from their moments. */
export function logLikelihood(
  { kind, parameters }: DrawnDistribution,
  { n, mean, variance }: { readonly n: number; readonly mean: number; readonly variance: number },
): number {
  const [a, b] = parameters as [number, number];
  if (kind === "uniform") return -n * Math.log(b - a);
  const inside = kind === "truncatedNormal" ? 0.9544997361036416 : 1; // of a normal, within two standard deviations
  return -n * (Math.log(b * inside * Math.sqrt(2 * Math.PI)) + (variance + (mean - a) ** 2) / (2 * b * b));
}

/**
 * The distribution that the values of a tensor look like; null where they are not drawn, or by no initializer of the table.
 *
 * @example
 * import { diagnose } from "@fanin/lab";
 * import { heNormal } from "@fanin/core";
 * const { data } = heNormal({ seed: 0 })([64, 32]);
 * const { tensors } = diagnose([{ name: "kernel", shape: [64, 32], dtype: "float32", data }]);
 * const [report] = tensors;
 * if (report) familyDistribution(report)?.support[0].toFixed(3); // => '-0.402'
 */
export function familyDistribution({
  family,
  role,
  fanIn,
  fanOut,
}: Pick<TensorReport, "family" | "role" | "fanIn" | "fanOut">): DrawnDistribution | null {
  if (family?.kind !== "drawn") return null;
  // A report does not have the hidden units of a recurrent layer.
  const found = candidateDistributions({ role, fanIn, fanOut, hidden: Number.NaN }).find(
    ({ name, distribution }) => name === family.name && Number.isFinite(distribution.variance),
  );
  return found?.distribution ?? null;
}
