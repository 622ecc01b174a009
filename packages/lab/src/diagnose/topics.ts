// Frequent questions, each with a short answer and the commands that demonstrate it.
// Source: Goodfellow et al. 2016, 8.4; Glorot and Bengio 2010; He et al. 2015; Saxe et al. 2013.

import type { FindingCode } from "./codes.ts";

/** A question and its answer. */
export interface Topic {
  readonly question: string;
  readonly answer: string;
  /** Related findings. */
  readonly codes: readonly FindingCode[];
  /** Command lines that demonstrate it, the quickest first. */
  readonly commands: readonly string[];
  /** Other search words. */
  readonly words: readonly string[];
}

/** The name of a topic. */
export type TopicName = "symmetry" | "saturation" | "vanishing" | "exploding" | "xavier-or-he" | "choice";

/** Every topic, by its name. */
export const topics: Readonly<Record<TopicName, Topic>> = {
  symmetry: {
    question: "Why not start all weights at zero, one, or another constant?",
    answer:
      "Units with equal weights compute the same output, get the same gradient and stay equal: the layer acts as one unit, whatever its width. Only random weights break the symmetry; biases may be 0.",
    codes: ["E301", "W302", "W303", "W105", "W106"],
    commands: [
      "fanin diagnose --layers 784,64,10 --init zeros",
      'fanin compare --init "zeros,ones,constant(value=0.1),he_normal" --epochs 1',
      "fanin papers T14",
    ],
    words: ["zero", "zeros", "ones", "constant", "symmetric", "equal", "twins"],
  },
  saturation: {
    question: "What happens when the weights are too large for tanh or sigmoid?",
    answer:
      "Pre-activations lie in the flat part of the curve, its slope is near 0, and little gradient passes. The variance of the weights must scale as 1/fan_in; sigmoid loses gradient at any scale.",
    codes: ["E205", "W101", "W102"],
    commands: [
      'fanin diagnose --layers 784,64x5,10 --activation tanh --init "random_normal(stddev=1)"',
      "fanin papers T1 T2",
    ],
    words: ["saturated", "saturate", "saturating", "flat"],
  },
  vanishing: {
    question: "Why does the signal or the gradient vanish in a deep network?",
    answer:
      "Each layer multiplies the mean square by a factor. Below 1, the signal shrinks exponentially with depth. ReLU with Glorot's variance halves it per layer; tanh at its critical point loses it only slowly.",
    codes: ["E201", "E203", "E206"],
    commands: ["fanin diagnose --layers 784,64x30,10 --activation relu --init glorot_uniform", "fanin papers T1 T3 T6"],
    words: ["vanish", "vanishes", "vanished", "gradient", "gradients", "dying"],
  },
  exploding: {
    question: "Why does the signal or the gradient explode in a deep network?",
    answer:
      "Each layer multiplies the mean square by a factor. Above 1, the signal grows exponentially with depth until sums are infinite. A residual sum of He-initialized branches doubles it per block.",
    codes: ["E202", "E204"],
    commands: [
      'fanin diagnose --layers 784,64x30,10 --activation relu --init "random_normal(stddev=1)"',
      "fanin papers T1 T10",
    ],
    words: ["explode", "explodes", "exploded", "overflow", "infinite", "nan"],
  },
  "xavier-or-he": {
    question: "Xavier (Glorot) or He?",
    answer:
      "Glorot keeps the variance of linear and tanh-like units. ReLU halves it; He's doubled variance compensates. In shallow networks no difference is detected; beyond about ten ReLU layers, plain SGD needs He's.",
    codes: ["E201", "W101"],
    commands: [
      "fanin compare --init glorot_uniform,he_normal",
      "fanin compare --layers 784,64x30,10 --init glorot_uniform,he_normal --optimizer sgd",
      "fanin papers T4 T5 T6",
    ],
    words: ["xavier", "glorot", "he", "kaiming", "lecun"],
  },
  choice: {
    question: "Which initializer for my activation, depth and architecture?",
    answer:
      "It depends on the activation's gain, the ratio of depth to width, and normalization or residual connections. recommend computes it, gives the reason and prints the code for five libraries.",
    codes: ["W207", "W208"],
    commands: [
      "fanin recommend --activation gelu --depth 24 --width 512",
      "fanin recommend --activation relu --depth 50 --residual",
      "fanin papers T2 T7 T9",
      "fanin list",
    ],
    words: ["which", "choose", "choosing", "activation", "architecture", "gain", "depth", "recommend"],
  },
};

/**
 * The topics that match any of `words`, regardless of case.
 *
 * @example
 * findTopics(["zeros"]); // => [ 'symmetry' ]
 */
export function findTopics(words: readonly string[]): TopicName[] {
  const asked = new Set(words.flatMap((word) => word.toLowerCase().split(/[^a-z]+/)));
  return (Object.keys(topics) as TopicName[]).filter((name) =>
    [name, ...name.split("-"), ...topics[name].words].some((word) => word !== "or" && asked.has(word)),
  );
}
