// The best initializer for each activation in a plain, deep network: one row each, with the reason.
// Source: He 2015 (ReLU), Klambauer 2017 (SELU), Schoenholz 2017 (tanh at the edge of chaos), Sitzmann 2020 (sine), Saxe 2014 (linear).

import type { MeanFieldActivation } from "../signal/activation-functions.ts";
import { activationGain } from "../signal/activation-means.ts";

/** An initializer with its parameter: gain of orthogonal, scale of variance_scaling. */
export interface Choice {
  readonly kind: "glorot_uniform" | "he_normal" | "lecun_normal" | "orthogonal" | "siren_uniform" | "variance_scaling";
  /** The factor on the standard deviation 1/sqrt(fan_in); its square is fan_in * Var(weight). */
  readonly gain: number;
  /** Whether the last kernel of each residual branch is zero. */
  readonly endsInZeros?: boolean;
}

/** The choice for an activation, with the reason in one sentence. */
export interface ActivationRow {
  readonly choice: Choice;
  readonly because: string;
  /** Advice that helps more than tuning the initializer; empty if there is none. */
  readonly caution: string;
}

const rounded = (value: number): number => Number(value.toPrecision(4));

/** The variance that keeps a mean square of 1, for activations without a named initializer. */
function keepingVariance(activation: MeanFieldActivation): ActivationRow {
  const { gain, chi1 } = activationGain(activation);
  return {
    choice: { kind: "variance_scaling", gain: Math.sqrt(rounded(gain ** 2)) },
    because: `A variance of ${rounded(gain ** 2)}/fan_in keeps the mean square of the signal at 1, and multiplies a squared gradient by ${chi1.toFixed(3)} per layer.`,
    caution: "",
  };
}

const bounded = (name: string): ActivationRow => ({
  choice: { kind: "glorot_uniform", gain: 1 },
  because: `${name} has slope 1 at 0, so a variance of 1/fan_in is at the edge of chaos: signal and gradient decay as powers of the depth, not exponentially.`,
  caution: "",
});

const squashing = (activation: MeanFieldActivation): ActivationRow => ({
  choice: { kind: "glorot_uniform", gain: 1 },
  because: `glorot_uniform keeps units out of saturation, but no scale saves the gradient: at its best ${activation} multiplies its square by ${activationGain(activation).chi1.toFixed(3)} per layer.`,
  caution: `Use tanh, or an activation of the ReLU family, in hidden layers; keep ${activation} for outputs and gates.`,
});

const rows: Readonly<Record<MeanFieldActivation, () => ActivationRow>> = {
  elu: () => keepingVariance("elu"),
  gelu: () => keepingVariance("gelu"),
  hard_sigmoid: () => squashing("hard_sigmoid"),
  hard_silu: () => keepingVariance("hard_silu"),
  leaky_relu: () => keepingVariance("leaky_relu"),
  linear: () => ({
    choice: { kind: "orthogonal", gain: 1 },
    because:
      "Orthogonal layers keep every direction of the signal and the gradient, so the learning time does not grow with depth.",
    caution: "",
  }),
  mish: () => keepingVariance("mish"),
  relu: () => ({
    choice: { kind: "he_normal", gain: Math.SQRT2 },
    because:
      "ReLU keeps half of the signal's mean square; a variance of 2/fan_in compensates for it, forward and backward.",
    caution: "",
  }),
  selu: () => ({
    choice: { kind: "lecun_normal", gain: 1 },
    because: "SELU's constants are chosen so that a variance of 1/fan_in moves mean and variance towards 0 and 1.",
    caution: "",
  }),
  sigmoid: () => squashing("sigmoid"),
  silu: () => keepingVariance("silu"),
  sin: () => ({
    choice: { kind: "siren_uniform", gain: Math.SQRT2 / 30 },
    because: "With sin(30 x), U(±√(6/fan_in)/30) gives every layer pre-activations of unit variance.",
    caution: "The first layer takes U(±1/fan_in), which is siren_uniform(first=True).",
  }),
  softplus: () => keepingVariance("softplus"),
  softsign: () => bounded("softsign"),
  tanh: () => bounded("tanh"),
};

/** The row of an activation. */
export function choiceFor(activation: MeanFieldActivation): ActivationRow {
  return rows[activation]();
}

/** The choice in Keras's spelling, such as `variance_scaling(scale=1.923)`. */
export function choiceText({ endsInZeros = false, ...choice }: Choice): string {
  return kernelText(choice) + (endsInZeros ? ", zeros for the last kernel of each branch" : "");
}

function kernelText({ kind, gain }: Choice): string {
  if (kind === "orthogonal") return gain === 1 ? "orthogonal" : `orthogonal(gain=${rounded(gain)})`;
  if (kind === "variance_scaling") return `variance_scaling(scale=${rounded(gain ** 2)})`;
  return kind;
}
