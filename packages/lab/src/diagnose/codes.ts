// Everything that diagnose can find, one row each: the code, how bad it is, and what `fanin explain CODE` prints.
// Source: the papers named in the rows.

/** How bad a finding is: the network will not learn, may learn badly, or is worth knowing. */
export type Severity = "error" | "warning" | "note";

/** One row of the table. */
export interface CodeExplanation {
  readonly title: string;
  /** The severity unless the evidence is weak or something else in the network makes up for it. */
  readonly severity: Severity;
  /** What goes wrong, and why. */
  readonly why: string;
  /** How to recognise it without this program. */
  readonly recognise: string;
  readonly fix: string;
  /** What to do with weights that have been trained, which no draw gives back; null where `fix` holds for them too. */
  readonly fixTrained: string | null;
  /** Where this is shown; null for what needs no paper. */
  readonly paper: string | null;
}

/** A stable code: its letter is the usual severity, its hundreds the subject (1 values, 2 signal, 3 symmetry). */
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
    fix: "Draw the tensor again, and find out what made it NaN.",
    fixTrained:
      "Go back to a checkpoint from before the loss became NaN, and lower the learning rate or clip gradients.",
    paper: null,
  },
  E102: {
    title: "infinite weights",
    severity: "error",
    why: "An infinite weight gives infinite or (Inf - Inf, 0 * Inf) undefined outputs. It is what an overflow leaves behind, often of a cast to float16, whose largest value is 65504.",
    recognise: "The loss is Inf or NaN at once.",
    fix: "Draw the tensor again, or cast to bfloat16, which has float32's range.",
    fixTrained:
      "Cast from the source again, to bfloat16, which has float32's range; else go back to a checkpoint from before.",
    paper: null,
  },
  E103: {
    title: "values do not fill the shape",
    severity: "error",
    why: "The number of values is not the product of the dimensions, so the file or the code that made the tensor is wrong.",
    recognise: "Loading the weights into a model fails, or every row is shifted against the one before.",
    fix: "Write the tensor again from its source.",
    fixTrained: null,
    paper: null,
  },
  E104: {
    title: "shapes that do not fit together",
    severity: "error",
    why: "A bias has one value per unit of its kernel, and a layer takes as many inputs as the one below gives.",
    recognise: "The model refuses the weights; or it was read in the other layout (Keras: in, out; PyTorch: out, in).",
    fix: "Give the layout with --layout keras or --layout torch where it is not what names and biases show; else write the tensors again from their source.",
    fixTrained: null,
    paper: null,
  },
  E105: {
    title: "a layer without units",
    severity: "error",
    why: "A dimension is 0: nothing passes the layer, so the output does not depend on the input.",
    recognise: "The output is the same for every input.",
    fix: "Give the layer at least one unit.",
    fixTrained: null,
    paper: null,
  },
  E201: {
    title: "vanishing signal",
    severity: "error",
    why: "Every layer multiplies the variance of its input by a factor below 1, so that after many layers the units hardly depend on the input.",
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
    fix: "Weights of variance gain²/fan_in with the activation's gain; in residual networks, branches that begin at 0 or are scaled by 1/sqrt(depth).",
    fixTrained: null,
    paper:
      "He et al. 2015, arXiv:1502.01852; Hanin and Rolnick 2018, arXiv:1803.01719; Zhang et al. 2019, arXiv:1901.09321",
  },
  E203: {
    title: "vanishing gradients",
    severity: "error",
    why: "Going back, every layer multiplies the gradient by a factor below 1, so that the first layers are hardly told what to change.",
    recognise:
      "The norm of the gradient falls by the same factor at every layer towards the input; the first layers' weights do not move.",
    fix: "An activation whose slope at 0 is near 1 (ReLU, GELU, tanh) with weights for its gain; or normalization, or residual connections.",
    fixTrained: null,
    paper: "Hochreiter 1991; Glorot and Bengio 2010",
  },
  E204: {
    title: "exploding gradients",
    severity: "error",
    why: "Going back, every layer multiplies the gradient by a factor above 1: a step that suits the last layer throws the first ones away.",
    recognise: "The loss jumps or becomes NaN within a few steps, sooner with a larger learning rate.",
    fix: "Smaller weights (variance gain²/fan_in), or normalization; clipping the gradient's norm treats the symptom.",
    fixTrained: null,
    paper: "Pascanu et al. 2013, arXiv:1211.5063; Schoenholz et al. 2017, arXiv:1611.01232",
  },
  E205: {
    title: "saturated units",
    severity: "error",
    why: "Most pre-activations lie where the activation is flat, so its slope, and with it the gradient, is near 0.",
    recognise: "A histogram of the activations has all of its mass at the two ends.",
    fix: "Smaller weights: glorot_uniform or lecun_normal for tanh and sigmoid, not a fixed standard deviation such as 1.",
    fixTrained: null,
    paper: "LeCun et al. 1998, Efficient BackProp; Glorot and Bengio 2010",
  },
  E206: {
    title: "dead units",
    severity: "error",
    why: "A ReLU unit whose pre-activation is negative for every input gives 0 and gets no gradient: it cannot recover. In narrow deep networks whole layers are born dead.",
    recognise: "Units that are 0 on every example; the output does not depend on the input.",
    fix: "More units per layer or fewer layers; biases of 0 or above; leaky_relu, elu or gelu.",
    fixTrained: null,
    paper: "Lu et al. 2019, arXiv:1903.06733",
  },
  E301: {
    title: "symmetric units",
    severity: "error",
    why: "Units of a layer that have the same weights compute the same, get the same gradient, and so stay the same: the layer is worth one unit, whatever its width.",
    recognise:
      "Columns of the kernel (rows in PyTorch) that are equal to about three digits; rounding alone drives them apart, so they need not be equal to the bit.",
    fix: "Random weights: any of the variance-scaling initializers. Biases may be 0.",
    fixTrained:
      "More training does not part equal units: keep one of each set and add up what the next layer takes from its copies, or go back to a checkpoint in which they differ.",
    paper: "Rumelhart et al. 1986, Learning internal representations by error propagation",
  },
  W101: {
    title: "wrong variance for its fan",
    severity: "warning",
    why: "A unit adds up fan_in products, so the variance of its weights must go as 1/fan_in; a fixed standard deviation suits only one width.",
    recognise: "The standard deviation times sqrt(fan_in) is far from 1 (1.41 for ReLU).",
    fix: "A variance-scaling initializer: he_normal for the ReLU family, glorot_uniform or lecun_normal for others.",
    fixTrained: "Go back to a checkpoint from before the weights grew, and lower the learning rate or clip gradients.",
    paper: "LeCun et al. 1998, Efficient BackProp; He et al. 2015, arXiv:1502.01852",
  },
  W102: {
    title: "unscaled input",
    severity: "warning",
    why: "The derivation of every initializer takes inputs of mean 0 and variance 1. Pixels of 0 to 255 multiply the first layer's variance by tens of thousands, and an offset pulls all units the same way.",
    recognise: "The mean square of the input is far from 1; the first loss is much too large.",
    fix: "Subtract the mean and divide by the standard deviation of the training data, or at least divide pixels by 255.",
    fixTrained: null,
    paper: "LeCun et al. 1998, Efficient BackProp; the LSUV authors' README gives the same warning",
  },
  W103: {
    title: "duplicated tensors",
    severity: "warning",
    why: "Two tensors hold the same random values: in Keras, one initializer object with a seed draws the same values at every call. The layers begin as copies of each other.",
    recognise: "Equal hashes of tensors that are not tied on purpose.",
    fix: "A new initializer for each layer, without a fixed seed or with one of its own (a SeedGenerator also moves on).",
    fixTrained: null,
    paper: null,
  },
  W104: {
    title: "random numbers used twice",
    severity: "warning",
    why: "Two tensors are the same random numbers, scaled for their fans: the seed is the same although the shapes differ, so the layers are correlated where they should be independent.",
    recognise: "The first values of two kernels have one ratio.",
    fix: "A seed for each layer, such as the ones that one SeedGenerator or set_random_seed gives.",
    fixTrained: null,
    paper: null,
  },
  W105: {
    title: "a kernel of zeros",
    severity: "warning",
    why: "Zeros block the signal until training has moved them. At the end of a residual branch or in the output layer that is a known good start; anywhere else nothing is learnt.",
    recognise: "Every value is 0.",
    fix: "Leave it where a residual branch ends; otherwise draw random weights.",
    fixTrained:
      "Leave it where the layer is meant to give nothing; otherwise look for the tensor in an earlier checkpoint.",
    paper: "Zhang et al. 2019, arXiv:1901.09321; Goyal et al. 2017, arXiv:1706.02677",
  },
  W106: {
    title: "a constant kernel",
    severity: "warning",
    why: "All weights of the layer are one number. In an output layer the gradients of a softmax sum to 0, so the layers below are told nothing by the first step.",
    recognise: "Every value is the same, and not 0.",
    fix: "Random weights, or zeros if the layer is the output.",
    fixTrained: "Look for the tensor in an earlier checkpoint: training does not leave a constant.",
    paper: null,
  },
  W107: {
    title: "weights far beyond their spread",
    severity: "warning",
    why: "Some values are many standard deviations from the mean. No initializer draws them; they are what a faulty sampler or a damaged file leaves, and a single one can dominate a layer.",
    recognise: "The largest magnitude is tens of times the deviation that the middle half of the values has.",
    fix: "Draw the tensor again with a current version of the framework.",
    fixTrained:
      "Compare with an earlier checkpoint or the file's source; if the values are damage, take those tensors from there.",
    paper: "pytorch/pytorch#155588",
  },
  W108: {
    title: "weights that are not centred",
    severity: "warning",
    why: "The mean of the weights is not 0, so every unit adds fan_in times that mean of the input's average: all units move together, and the common part grows as fan_in, not its root.",
    recognise:
      "The mean is larger than a few standard deviations divided by the root of the count; all values positive, as of uniform(0, 1).",
    fix: "A symmetric range: uniform(-limit, limit).",
    fixTrained: null,
    paper: "LeCun et al. 1998, Efficient BackProp",
  },
  W207: {
    title: "inputs become alike",
    severity: "warning",
    why: "Two different inputs give almost the same activations at the last layer: the network cannot tell them apart. Depth beyond about six correlation lengths does not train.",
    recognise: "The correlation of the activations of two inputs tends to 1 at an exponential rate.",
    fix: "Weights nearer to the edge of chaos, residual connections, or fewer layers.",
    fixTrained: null,
    paper: "Schoenholz et al. 2017, arXiv:1611.01232",
  },
  W208: {
    title: "too narrow for the depth",
    severity: "warning",
    why: "The logarithm of the signal's variance wanders with variance 5L/n over L layers of n units: one draw of the weights may work where the next does not.",
    recognise: "Seeds differ by orders of magnitude in the size of the output.",
    fix: "Wider layers, fewer of them, orthogonal weights, or normalization.",
    fixTrained: null,
    paper: "Hanin and Rolnick 2018, arXiv:1803.01719",
  },
  W302: {
    title: "few directions",
    severity: "warning",
    why: "The kernel maps nearly everything onto a few directions, so that units of the layer are nearly linear combinations of each other.",
    recognise: "The participation ratio of the squared singular values is a few per cent of the width.",
    fix: "Orthogonal weights, which use every direction alike, or random ones.",
    fixTrained:
      "Nothing where the network does well: a narrower layer would do as well. Start the next run from orthogonal weights.",
    paper: "Saxe et al. 2014, arXiv:1312.6120",
  },
  W303: {
    title: "some units have a twin",
    severity: "warning",
    why: "A part of the layer's units have the same weights as another one and will stay the same.",
    recognise: "Some columns of the kernel (rows in PyTorch) are equal to about three digits.",
    fix: "Draw the twins again; do not widen a network by copying units without noise.",
    fixTrained: "Keep one unit of each set and add up what the next layer takes from its copies, or add noise to them.",
    paper: null,
  },
};

/**
 * What a code means; undefined for a text that is none.
 *
 * @example
 * explainCode("no-such-code"); // => undefined
 */
export function explainCode(code: string): CodeExplanation | undefined {
  return Object.hasOwn(codes, code) ? codes[code as FindingCode] : undefined;
}
