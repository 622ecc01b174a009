// Every finding of diagnose, one row each: the code, its severity, and the text of `fanin explain CODE`.
// Source: the papers that the rows name.

/** The severity of a finding: "error" prevents learning, "warning" may impair it, "note" is worth knowing. */
export type Severity = "error" | "warning" | "note";

/** One row of the table. */
export interface CodeExplanation {
  readonly title: string;
  /** The usual severity. It is lower if the evidence is weak or another part of the network compensates. */
  readonly severity: Severity;
  /** The mechanism of the fault. */
  readonly why: string;
  /** The symptoms that you see without this program. */
  readonly recognise: string;
  readonly fix: string;
  /** The fix for trained weights, which cannot be drawn again; null if `fix` applies to them too. */
  readonly fixTrained: string | null;
  /** The source; null if none is needed. */
  readonly paper: string | null;
}

/** A stable code. The letter is the usual severity; the hundreds are the subject (1 values, 2 signal, 3 symmetry). */
export type FindingCode =
  | "E101"
  | "E102"
  | "E103"
  | "E104"
  | "E105"
  | "E201"
  | "E202"
  | "E203"
  | "E204"
  | "E205"
  | "E206"
  | "E301"
  | "W101"
  | "W102"
  | "W103"
  | "W104"
  | "W105"
  | "W106"
  | "W107"
  | "W108"
  | "W207"
  | "W208"
  | "W302"
  | "W303";

/** Every code, sorted. */
export const codes: Readonly<Record<FindingCode, CodeExplanation>> = {
  E101: {
    title: "not a number among the weights",
    severity: "error",
    why: "One NaN in a weight makes every output that depends on it NaN, and after one step of training every weight.",
    recognise: "The loss is NaN from the first batch on.",
    fix: "Draw the tensor again and find the source of the NaN.",
    fixTrained: "Go back to a checkpoint before the loss became NaN, and lower the learning rate or clip gradients.",
    paper: null,
  },
  E102: {
    title: "infinite weights",
    severity: "error",
    why: "An infinite weight gives infinite outputs, or undefined ones (Inf - Inf, 0 * Inf). It comes from an overflow, often from a cast to float16, whose largest value is 65504.",
    recognise: "The loss is Inf or NaN from the first batch on.",
    fix: "Draw the tensor again, or cast to bfloat16, which has the range of float32.",
    fixTrained:
      "Cast from the source again, to bfloat16, which has the range of float32; else go back to an earlier checkpoint.",
    paper: null,
  },
  E103: {
    title: "values do not fill the shape",
    severity: "error",
    why: "The number of values is not the product of the dimensions. The file, or the code that made the tensor, is wrong.",
    recognise: "Loading the weights into a model fails, or each row is shifted against the previous one.",
    fix: "Write the tensor again from its source.",
    fixTrained: null,
    paper: null,
  },
  E104: {
    title: "shapes do not fit together",
    severity: "error",
    why: "A bias needs one value per unit of its kernel, and a layer needs as many inputs as the layer below has outputs.",
    recognise:
      "The model refuses the weights, or the file was read in the wrong layout (Keras: in, out; PyTorch: out, in).",
    fix: "Pass --layout keras or --layout torch if names and biases suggest the wrong layout; else write the tensors again from their source.",
    fixTrained: null,
    paper: null,
  },
  E105: {
    title: "a layer without units",
    severity: "error",
    why: "A dimension is 0: no signal passes the layer, so the output does not depend on the input.",
    recognise: "The output is the same for every input.",
    fix: "Give the layer at least one unit.",
    fixTrained: null,
    paper: null,
  },
  E201: {
    title: "vanishing signal",
    severity: "error",
    why: "Every layer multiplies the variance of its input by a factor below 1. After many layers the units hardly depend on the input.",
    recognise:
      "The variance of the pre-activations falls by the same factor at every layer; the loss stays at ln(classes).",
    fix: "Weights of variance gain²/fan_in with the activation's gain (he_normal for ReLU), or orthogonal weights with that gain.",
    fixTrained: null,
    paper: "Glorot and Bengio 2010; He et al. 2015, arXiv:1502.01852",
  },
  E202: {
    title: "exploding signal",
    severity: "error",
    why: "Every layer multiplies the variance of its input by a factor above 1: the outputs grow without bound until they overflow.",
    recognise: "The first loss is far above ln(classes), or Inf.",
    fix: "Weights of variance gain²/fan_in with the activation's gain; in residual networks, branches that start at 0 or are scaled by 1/sqrt(depth).",
    fixTrained: null,
    paper:
      "He et al. 2015, arXiv:1502.01852; Hanin and Rolnick 2018, arXiv:1803.01719; Zhang et al. 2019, arXiv:1901.09321",
  },
  E203: {
    title: "vanishing gradients",
    severity: "error",
    why: "In the backward pass, every layer multiplies the gradient by a factor below 1. The first layers get almost no gradient.",
    recognise:
      "The norm of the gradient falls by the same factor at every layer towards the input; the first layers' weights do not move.",
    fix: "An activation whose slope at 0 is near 1 (ReLU, GELU, tanh) with weights for its gain; or normalization, or residual connections.",
    fixTrained: null,
    paper: "Hochreiter 1991; Glorot and Bengio 2010",
  },
  E204: {
    title: "exploding gradients",
    severity: "error",
    why: "In the backward pass, every layer multiplies the gradient by a factor above 1: a step that suits the last layer destroys the first ones.",
    recognise: "The loss jumps or becomes NaN within a few steps, sooner with a larger learning rate.",
    fix: "Smaller weights (variance gain²/fan_in), or normalization; clipping the gradient's norm treats the symptom.",
    fixTrained: null,
    paper: "Pascanu et al. 2013, arXiv:1211.5063; Schoenholz et al. 2017, arXiv:1611.01232",
  },
  E205: {
    title: "saturated units",
    severity: "error",
    why: "Most pre-activations lie in the flat part of the activation, so its slope, and with it the gradient, is near 0.",
    recognise: "A histogram of the activations has all of its mass at the two ends.",
    fix: "Smaller weights: glorot_uniform or lecun_normal for tanh and sigmoid, not a fixed standard deviation such as 1.",
    fixTrained: null,
    paper: "LeCun et al. 1998, Efficient BackProp; Glorot and Bengio 2010",
  },
  E206: {
    title: "dead units",
    severity: "error",
    why: "A ReLU unit with a negative pre-activation for every input gives 0 and gets no gradient: it cannot recover. In narrow deep networks, whole layers can be dead at initialization.",
    recognise: "Units that are 0 on every example; the output does not depend on the input.",
    fix: "More units per layer or fewer layers; biases of 0 or above; leaky_relu, elu or gelu.",
    fixTrained: null,
    paper: "Lu et al. 2019, arXiv:1903.06733",
  },
  E301: {
    title: "symmetric units",
    severity: "error",
    why: "Units of a layer with the same weights compute the same output, get the same gradient and stay equal: the layer acts as one unit, whatever its width.",
    recognise:
      "Columns of the kernel (rows in PyTorch) are equal to about three digits. Rounding alone separates them, so they need not be bit-identical.",
    fix: "Random weights: any of the variance-scaling initializers. Biases may be 0.",
    fixTrained:
      "More training does not separate equal units. Keep one of each set and add the next layer's weights of its copies, or go back to a checkpoint in which they differ.",
    paper: "Rumelhart et al. 1986, Learning internal representations by error propagation",
  },
  W101: {
    title: "wrong variance for its fan",
    severity: "warning",
    why: "A unit sums fan_in products, so the variance of its weights must scale as 1/fan_in. A fixed standard deviation suits only one width.",
    recognise: "The standard deviation times sqrt(fan_in) is far from 1 (1.41 for ReLU).",
    fix: "A variance-scaling initializer: he_normal for the ReLU family, glorot_uniform or lecun_normal for others.",
    fixTrained: "Go back to a checkpoint before the weights grew, and lower the learning rate or clip gradients.",
    paper: "LeCun et al. 1998, Efficient BackProp; He et al. 2015, arXiv:1502.01852",
  },
  W102: {
    title: "unscaled input",
    severity: "warning",
    why: "The derivation of every initializer assumes inputs of mean 0 and variance 1. Pixels of 0 to 255 multiply the first layer's variance by tens of thousands, and an offset shifts all units the same way.",
    recognise: "The mean square of the input is far from 1; the first loss is much too large.",
    fix: "Subtract the mean and divide by the standard deviation of the training data, or at least divide pixels by 255.",
    fixTrained: null,
    paper: "LeCun et al. 1998, Efficient BackProp; the README of LSUV gives the same warning",
  },
  W103: {
    title: "duplicated tensors",
    severity: "warning",
    why: "Two tensors hold the same random values: in Keras, one initializer object with a seed draws the same values at every call. The layers start as copies of each other.",
    recognise: "Tensors that are not tied on purpose have equal hashes.",
    fix: "A new initializer for each layer, without a fixed seed or with its own seed (a SeedGenerator also advances).",
    fixTrained: null,
    paper: null,
  },
  W104: {
    title: "random numbers used twice",
    severity: "warning",
    why: "Two tensors hold the same random numbers, scaled for their fans: the seed is the same although the shapes differ, so the layers are correlated instead of independent.",
    recognise: "The first values of two kernels have a constant ratio.",
    fix: "A seed for each layer, such as those from one SeedGenerator or set_random_seed.",
    fixTrained: null,
    paper: null,
  },
  W105: {
    title: "a kernel of zeros",
    severity: "warning",
    why: "Zeros block the signal until training moves them. At the end of a residual branch or in the output layer this is a known good start; elsewhere the network learns nothing.",
    recognise: "Every value is 0.",
    fix: "Keep it at the end of a residual branch; otherwise draw random weights.",
    fixTrained: "Keep it if the layer is meant to give 0; otherwise look for the tensor in an earlier checkpoint.",
    paper: "Zhang et al. 2019, arXiv:1901.09321; Goyal et al. 2017, arXiv:1706.02677",
  },
  W106: {
    title: "a constant kernel",
    severity: "warning",
    why: "All weights of the layer are one number. In an output layer, the gradients of a softmax sum to 0, so the layers below get no gradient in the first step.",
    recognise: "Every value is the same, and not 0.",
    fix: "Random weights, or zeros if the layer is the output.",
    fixTrained: "Look for the tensor in an earlier checkpoint: training does not produce a constant.",
    paper: null,
  },
  W107: {
    title: "weights far beyond their spread",
    severity: "warning",
    why: "Some values are many standard deviations from the mean. No initializer draws them. They come from a faulty sampler or a damaged file, and a single one can dominate a layer.",
    recognise: "The largest magnitude is tens of times the deviation of the middle half of the values.",
    fix: "Draw the tensor again with a current version of the framework.",
    fixTrained:
      "Compare with an earlier checkpoint or the file's source; if the values are damaged, take those tensors from there.",
    paper: "pytorch/pytorch#155588",
  },
  W108: {
    title: "weights are not centred",
    severity: "warning",
    why: "The mean of the weights is not 0, so every unit adds fan_in times that mean times the input's average: all units move together, and the common part grows as fan_in, not as its square root.",
    recognise:
      "The mean exceeds a few standard deviations divided by the square root of the count, or all values are positive, as from uniform(0, 1).",
    fix: "A symmetric range: uniform(-limit, limit).",
    fixTrained: null,
    paper: "LeCun et al. 1998, Efficient BackProp",
  },
  W207: {
    title: "inputs become alike",
    severity: "warning",
    why: "Two different inputs give almost the same activations at the last layer: the network cannot distinguish them. Networks deeper than about six correlation lengths do not train.",
    recognise: "The correlation of the activations of two inputs tends to 1 at an exponential rate.",
    fix: "Weights closer to the edge of chaos, residual connections, or fewer layers.",
    fixTrained: null,
    paper: "Schoenholz et al. 2017, arXiv:1611.01232",
  },
  W208: {
    title: "too narrow for the depth",
    severity: "warning",
    why: "The logarithm of the signal's variance fluctuates with variance 5L/n over L layers of n units: one draw of the weights may work and the next may not.",
    recognise: "The size of the output differs by orders of magnitude between seeds.",
    fix: "Wider layers, fewer of them, orthogonal weights, or normalization.",
    fixTrained: null,
    paper: "Hanin and Rolnick 2018, arXiv:1803.01719",
  },
  W302: {
    title: "few directions",
    severity: "warning",
    why: "The kernel maps nearly everything onto a few directions, so units of the layer are nearly linear combinations of each other.",
    recognise: "The participation ratio of the squared singular values is a few per cent of the width.",
    fix: "Orthogonal weights, which use every direction equally, or random ones.",
    fixTrained:
      "Nothing if the network performs well: a narrower layer would do as well. Start the next run from orthogonal weights.",
    paper: "Saxe et al. 2014, arXiv:1312.6120",
  },
  W303: {
    title: "some units are duplicates",
    severity: "warning",
    why: "Some of the layer's units have the same weights as another unit and will stay equal.",
    recognise: "Some columns of the kernel (rows in PyTorch) are equal to about three digits.",
    fix: "Draw the duplicates again; do not widen a network by copying units without noise.",
    fixTrained: "Keep one unit of each set and add the next layer's weights of its copies, or add noise to the copies.",
    paper: null,
  },
};

/**
 * Explains a code; returns undefined for an unknown code.
 *
 * @example
 * explainCode("no-such-code"); // => undefined
 */
export function explainCode(code: string): CodeExplanation | undefined {
  return Object.hasOwn(codes, code) ? codes[code as FindingCode] : undefined;
}
