// The table of `fanin list`: formula, use and source of each initializer.
// Source: the docstrings of @fanin/core, with the full titles of the papers; Keras 3.15.1's documentation for the uses.

import { extensions, initializerNames, kerasInitializers } from "@fanin/core";

/** The columns of a row beside the names. */
interface Description {
  readonly formula: string;
  readonly use: string;
  /** Authors and year, with the arXiv number if any; or the framework. */
  readonly paper: string;
}

/** A row of the table. */
export interface InitializerRow extends Description {
  /** The main name, in lower case. */
  readonly name: string;
  readonly className: string;
  /** All other accepted names. */
  readonly aliases: readonly string[];
  /** Whether Keras has it. */
  readonly origin: "keras" | "beyond keras";
}

const he = "He et al. 2015, arXiv:1502.01852";
const glorot = "Glorot and Bengio 2010";
const lecun = "LeCun et al. 1998";
const keras = "Keras";
const torch = "PyTorch";

/** By class name. */
const descriptions: Readonly<Record<string, Description>> = {
  RandomNormal: { formula: "N(mean, stddev²)", use: "embeddings, transformers with stddev 0.02", paper: keras },
  RandomUniform: { formula: "U[minval, maxval)", use: "embeddings", paper: keras },
  TruncatedNormal: { formula: "N(mean, stddev²), redrawn beyond 2 stddev", use: "vision transformers", paper: keras },
  Zeros: { formula: "0", use: "biases; in a kernel it keeps all units equal", paper: keras },
  Ones: { formula: "1", use: "the scale of a normalization", paper: keras },
  GlorotNormal: {
    formula: "truncated normal, variance 2 / (fan_in + fan_out)",
    use: "tanh, sigmoid, softmax",
    paper: glorot,
  },
  GlorotUniform: {
    formula: "U(±√(6 / (fan_in + fan_out)))",
    use: "tanh, sigmoid, softmax; Keras's default kernel",
    paper: glorot,
  },
  HeNormal: { formula: "truncated normal, variance 2 / fan_in", use: "ReLU and similar activations", paper: he },
  HeUniform: { formula: "U(±√(6 / fan_in))", use: "ReLU and similar activations", paper: he },
  LecunNormal: { formula: "truncated normal, variance 1 / fan_in", use: "SELU, linear layers", paper: lecun },
  LecunUniform: { formula: "U(±√(3 / fan_in))", use: "SELU, linear layers", paper: lecun },
  Orthogonal: {
    formula: "gain · Q of a normal matrix, WᵀW = gain² I",
    use: "recurrent kernels, very deep networks",
    paper: "Saxe et al. 2013, arXiv:1312.6120",
  },
  Constant: { formula: "value", use: "biases with a known start, such as a forget gate's", paper: keras },
  Identity: { formula: "gain · I", use: "recurrent kernels with ReLU", paper: "Le et al. 2015, arXiv:1504.00941" },
  VarianceScaling: {
    formula: "variance scale / fan, uniform or normal",
    use: "the Glorot, He and LeCun presets, and others",
    paper: "He et al. 2015; Glorot and Bengio 2010",
  },
  STFT: { formula: "window · cos or sin of 2πkt/n", use: "spectrograms by convolution", paper: keras },
  KaimingUniform: {
    formula: "U(±gain·√(3 / fan))",
    use: "ReLU with a gain; a = √5 is torch.nn.Linear's default",
    paper: `${he}; ${torch}`,
  },
  KaimingNormal: { formula: "N(0, gain² / fan), not truncated", use: "ReLU with a gain", paper: `${he}; ${torch}` },
  XavierUniform: {
    formula: "U(±gain·√(6 / (fan_in + fan_out)))",
    use: "tanh with gain 5/3",
    paper: `${glorot}; ${torch}`,
  },
  XavierNormal: {
    formula: "N(0, 2 gain² / (fan_in + fan_out))",
    use: "tanh with gain 5/3",
    paper: `${glorot}; ${torch}`,
  },
  Eye: { formula: "1 on the diagonal of any matrix", use: "layers that start as the identity", paper: torch },
  Dirac: {
    formula: "1 at the kernel's centre, input d to output d",
    use: "convolutions that start as the identity",
    paper: torch,
  },
  SparseNormal: {
    formula: "N(0, stddev²) at `connections` inputs per unit, else 0",
    use: "wide layers without saturation",
    paper: "Martens 2010",
  },
  DeltaOrthogonal: {
    formula: "orthogonal at the kernel's centre, else 0",
    use: "very deep convolutional networks",
    paper: "Xiao et al. 2018, arXiv:1806.05393",
  },
  SirenUniform: {
    formula: "U(±√(6 / fan_in) / ω₀), first layer U(±1 / fan_in)",
    use: "sine activations, coordinate networks",
    paper: "Sitzmann et al. 2020, arXiv:2006.09661",
  },
  Icnr: {
    formula: "a small kernel, each output repeated scale² times",
    use: "the layer before a sub-pixel upsampling",
    paper: "Aitken et al. 2017, arXiv:1707.02937",
  },
  ZerO: {
    formula: "identity, or a Hadamard matrix where it widens",
    use: "initialization without random numbers",
    paper: "Zhao et al. 2022, arXiv:2110.12661",
  },
  ConvolutionAware: {
    formula: "orthogonal filters, variance 2 / fan_in",
    use: "convolutions with few filters",
    paper: "Aghajanyan 2017, arXiv:1702.06295",
  },
  MuNormal: {
    formula: "hidden layers N(0, stddev² · base fan_in / fan_in)",
    use: "widths that share a learning rate (µP)",
    paper: "Yang et al. 2022, arXiv:2203.03466",
  },
  ScaledResidual: {
    formula: "N(0, stddev² / (2 num_layers))",
    use: "the end of a transformer's residual branches",
    paper: "Radford et al. 2019 (GPT-2)",
  },
  Fixup: {
    formula: "N(0, 2 / fan_out · branches^(-1 / (layers - 1)))",
    use: "residual networks without normalization",
    paper: "Zhang et al. 2019, arXiv:1901.09321",
  },
};

/** The rows for every initializer of @fanin/core, Keras's first. */
export function initializerTable(): InitializerRow[] {
  const rows = (factories: typeof kerasInitializers, origin: InitializerRow["origin"]): InitializerRow[] =>
    factories.map((factory) => {
      const { className } = factory;
      const description = descriptions[className];
      if (description === undefined) throw new Error(`no description of ${className} in initializer-table.ts`);
      const names = [...namesOf(className), ...factory.aliases];
      const name = names.find((candidate) => candidate === candidate.toLowerCase()) ?? className;
      return {
        name,
        className,
        aliases: [...new Set(names)].filter((alias) => alias !== name),
        origin,
        ...description,
      };
    });
  return [...rows(kerasInitializers, "keras"), ...rows(extensions, "beyond keras")];
}

/** Groups the class name with its lower-case name, which are adjacent in the registry. */
function namesOf(className: string): string[] {
  const names = initializerNames();
  const start = names.indexOf(className);
  return names
    .slice(start, start + 2)
    .filter((name) => name.replaceAll("_", "").toLowerCase() === className.toLowerCase());
}
