// The labelled set that diagnose is judged on: networks and weight files, healthy and sick, each with what is wrong with it.
// One file: a table.
// Source: the papers' tables; frameworks' defaults as the frameworks' sources give them.

import {
  constant,
  deltaOrthogonal,
  dirac,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  icnr,
  identity,
  lecunNormal,
  ones,
  orthogonal,
  randomNormal,
  randomUniform,
  sirenUniform,
  truncatedNormal,
  varianceScaling,
  zerO,
  zeros,
} from "@fanin/core";
import { conv2d, embedding, layerNorm, linear, lstm, manualSeed } from "@fanin/core/torch";
import { float16FromFloat32, type Shape } from "@fanin/tensor";
import { proceduralDataset } from "../src/data/procedural.ts";
import type { FindingCode } from "../src/diagnose/codes.ts";
import { diagnose, type NetworkDiagnosis, type WeightsDiagnosis } from "../src/diagnose/diagnose.ts";
import type { NetworkDescription } from "../src/diagnose/network-description.ts";
import type { WeightTensor } from "../src/diagnose/weight-tensor.ts";
import { DenseNetwork } from "../src/engine/dense-network.ts";
import { TrainingData } from "../src/engine/training-data.ts";

/** One labelled network or file; `finds` is the code of what is wrong, null where nothing is. */
export interface DiagnoseCase {
  readonly name: string;
  readonly finds: FindingCode | null;
  /** Of networks, for other seeds than 0. */
  readonly network?: NetworkDescription;
  run(): NetworkDiagnosis | WeightsDiagnosis;
}

type Draw = (shape: Shape) => { readonly shape: Shape; readonly dtype: string; readonly data: ArrayBufferView };
type Options = Parameters<typeof diagnose>[1] & object;

/** 784-(width x depth)-10. */
const deep = (width: number, depth: number): number[] => [784, ...new Array<number>(depth).fill(width), 10];

function net(
  layers: readonly number[],
  activation: NetworkDescription["activation"],
  initializer: string,
  finds: FindingCode | null = null,
  more: Partial<NetworkDescription> = {},
): DiagnoseCase {
  const extra = Object.keys(more).length > 0 ? ` ${JSON.stringify(more)}` : "";
  const sizes = `${layers[0]}-(${layers[1]}x${layers.length - 2})-${layers.at(-1)}`;
  return {
    name: `${sizes} ${activation} ${initializer}${extra}`,
    finds,
    network: { layers, activation, initializer, ...more },
    run: () => diagnose({ layers, activation, initializer, ...more }),
  };
}

function file(
  name: string,
  make: () => readonly WeightTensor[],
  finds: FindingCode | null = null,
  options: object = {},
): DiagnoseCase {
  return { name: `file: ${name}`, finds, run: () => diagnose(make(), options as Options as never) };
}

const tensor = (name: string, draw: Draw, shape: Shape): WeightTensor => ({ name, ...draw(shape) });

/** Dense layers as Keras saves them: each kernel by its own draw, biases of zeros. */
function dense(sizes: readonly number[], draw: (layer: number) => Draw): WeightTensor[] {
  return sizes
    .slice(1)
    .flatMap((units, l) => [
      tensor(`dense_${l}/kernel`, draw(l), [sizes[l] ?? 0, units]),
      tensor(`dense_${l}/bias`, zeros(), [units]),
    ]);
}

/** Tensors of a torch module under a prefix. */
function under(prefix: string, state: Readonly<Record<string, ReturnType<Draw>>>): WeightTensor[] {
  return Object.entries(state).map(([name, value]) => ({ name: `${prefix}.${name}`, ...value }));
}

/** Some values replaced. */
function damaged(
  weights: readonly WeightTensor[],
  name: string,
  change: (values: Float32Array) => void,
): WeightTensor[] {
  return weights.map((each) => {
    if (each.name !== name) return each;
    const data = Float32Array.from(each.data as Float32Array);
    change(data);
    return { ...each, data };
  });
}

/** A classifier after two epochs of the built-in drawings, weights and biases. */
function trained(
  activation: NetworkDescription["activation"],
  initializer: (seed: number) => Initializer,
): WeightTensor[] {
  const layers = [784, 64, 32, 10];
  const { train } = proceduralDataset({ train: 1000, test: 10 });
  const data = new TrainingData(train, 784, 0, 1000, 50);
  const trainee = new DenseNetwork({ layers, activation, optimizer: "adam", learningRate: 1e-3, capacity: 50 });
  trainee.initialize(layers.slice(1).map((_, l) => initializer(l)));
  for (let step = 0; step < 40; step++) {
    const { x, labels } = data.batch((50 * step) % 1000, 50);
    trainee.train(x, labels, 50);
  }
  const weights = layers.slice(1).flatMap((units, l) => [
    { name: `dense_${l}/kernel`, shape: [layers[l] ?? 0, units], dtype: "float32", data: trainee.kernel(l).slice() },
    { name: `dense_${l}/bias`, shape: [units], dtype: "float32", data: trainee.bias(l).slice() },
  ]);
  trainee.dispose();
  data.dispose();
  return weights;
}

const he = (l: number): Draw => heNormal({ seed: l });
const mlp = (): WeightTensor[] => dense([784, 128, 64, 10], he);
const torchMlp = (): WeightTensor[] => {
  manualSeed(0);
  return [...under("fc1", linear(784, 128)), ...under("fc2", linear(128, 64)), ...under("fc3", linear(64, 10))];
};

const healthyNetworks: readonly DiagnoseCase[] = [
  net(deep(128, 1), "relu", "glorot_uniform"),
  net(deep(128, 1), "relu", "he_normal"),
  net(deep(128, 1), "tanh", "glorot_uniform"),
  net(deep(128, 1), "sigmoid", "glorot_uniform"),
  net(deep(128, 2), "sigmoid", "glorot_normal"),
  net(deep(64, 30), "relu", "he_normal"),
  net(deep(64, 30), "relu", "he_uniform"),
  net(deep(64, 30), "relu", "orthogonal(gain=1.4142)"),
  net(deep(256, 50), "relu", "he_normal"),
  net(deep(128, 5), "relu", "glorot_uniform"),
  net(deep(256, 50), "tanh", "glorot_uniform"),
  net(deep(256, 50), "tanh", "orthogonal"),
  net(deep(128, 30), "tanh", "variance_scaling(scale=1.761)", null, { biasStddev: 0.2236 }),
  net(deep(128, 20), "selu", "lecun_normal"),
  net(deep(128, 8), "gelu", "variance_scaling(scale=2.352)"),
  net(deep(128, 12), "gelu", "he_normal"),
  net(deep(128, 10), "elu", "he_normal"),
  net(deep(128, 10), "leaky_relu", "he_normal"),
  net(deep(128, 20), "linear", "orthogonal"),
  net(deep(128, 30), "relu", "ZerO"),
  net([64, 128, 128, 10], "relu", "ZerO"),
  net([64, 64, 64, 10], "relu", "identity"),
  net(deep(128, 30), "relu", "glorot_uniform", null, { norm: "batch" }),
  net(deep(128, 20), "relu", "zeros", null, { residual: true }),
  net(deep(128, 6), "relu", "he_normal", null, { residual: true }),
  net(deep(128, 2), "relu", "he_normal", null, { input: { mean: 0.286, standardDeviation: 0.353 } }),
  net([784, 10], "relu", "glorot_uniform"),
];

const sickNetworks: readonly DiagnoseCase[] = [
  net(deep(128, 1), "relu", "zeros", "E301"),
  net(deep(128, 1), "relu", "ones", "E301"),
  net(deep(128, 1), "relu", "constant(value=0.1)", "E301"),
  net(deep(64, 5), "tanh", "constant(value=0.05)", "E301"),
  net([32, 128, 10], "relu", "identity", "E301"),
  net(deep(128, 1), "relu", "random_normal(stddev=1)", "W101"),
  net(deep(64, 30), "relu", "glorot_uniform", "E201"),
  net(deep(64, 30), "relu", "lecun_normal", "E201"),
  net(deep(64, 30), "relu", "variance_scaling(scale=0.3333)", "E201"),
  net(deep(64, 30), "relu", "variance_scaling(scale=1.5474)", "E201"),
  net(deep(256, 50), "relu", "random_normal", "E201"),
  net(deep(256, 50), "relu", "random_normal(stddev=0.01)", "E201"),
  net(deep(256, 30), "relu", "random_normal(stddev=1)", "E202"),
  net(deep(256, 30), "relu", "random_uniform(minval=0,maxval=1)", "E202"),
  net(deep(256, 50), "tanh", "variance_scaling(scale=0.3333)", "E201"),
  net(deep(256, 20), "tanh", "random_normal(stddev=1)", "E205"),
  net(deep(256, 20), "tanh", "random_normal(stddev=1)", "E204"),
  net(deep(128, 8), "sigmoid", "glorot_uniform", "E203"),
  net(deep(128, 3), "sigmoid", "random_normal(stddev=1)", "E205"),
  net(deep(128, 12), "gelu", "glorot_uniform", "E201"),
  net([1, ...new Array<number>(10).fill(2), 1], "relu", "he_normal", "E206"),
  net([1, ...new Array<number>(20).fill(3), 1], "relu", "he_normal", "E206"),
  net(deep(128, 20), "tanh", "variance_scaling(scale=1.2)", "W207", { biasStddev: 0.5 }),
  net(deep(32, 60), "relu", "he_normal", "W208"),
  net(deep(128, 20), "relu", "he_normal", "E202", { residual: true }),
  net(deep(128, 2), "relu", "he_normal", "W102", { input: { mean: 72.9, standardDeviation: 90 } }),
  net(deep(128, 2), "relu", "he_normal", "W102", { input: { mean: 4, standardDeviation: 1 } }),
];

const healthyFiles: readonly DiagnoseCase[] = [
  file("Keras, he_normal", mlp),
  file("Keras, glorot_uniform and tanh", () => dense([784, 128, 64, 10], (l) => glorotUniform({ seed: l })), null, {
    activation: "tanh",
  }),
  file("PyTorch's defaults", torchMlp, null, { activation: "relu" }),
  file(
    "orthogonal, 20 layers, ReLU",
    () => dense([64, ...new Array<number>(20).fill(64), 10], (l) => orthogonal({ gain: Math.SQRT2, seed: l })),
    null,
    { activation: "relu" },
  ),
  file("ZerO", () => dense([64, 128, 128, 10], () => zerO())),
  file("trained, ReLU from he_normal", () => trained("relu", (seed) => heNormal({ seed })), null, {
    activation: "relu",
  }),
  file("trained, tanh from glorot_uniform", () => trained("tanh", (seed) => glorotUniform({ seed }))),
  file("output of zeros", () => dense([784, 128, 10], (l) => (l === 1 ? zeros() : heNormal({ seed: 0 })))),
  file("Fixup branches", () =>
    [0, 1, 2].flatMap((block) => [
      tensor(`block${block}/conv1/kernel`, heNormal({ seed: block }), [3, 3, 16, 16]),
      tensor(`block${block}/conv2/kernel`, zeros(), [3, 3, 16, 16]),
    ]),
  ),
  file("ICNR before a pixel shuffle", () => [tensor("up/kernel", icnr({ seed: 0 }), [3, 3, 16, 64])]),
  file("delta-orthogonal convolutions", () =>
    [0, 1, 2].map((l) => tensor(`conv_${l}/kernel`, deltaOrthogonal({ seed: l }), [3, 3, 32, 32])),
  ),
  file("dirac convolutions", () => [0, 1].map((l) => tensor(`conv_${l}/kernel`, dirac(), [3, 3, 16, 16]))),
  file("a small CNN of PyTorch", () => {
    manualSeed(1);
    return [
      ...under("conv1", conv2d(1, 16, 3)),
      ...under("conv2", conv2d(16, 32, 3)),
      ...under("fc", linear(32 * 49, 10)),
    ];
  }),
  file("an LSTM of PyTorch", () => {
    manualSeed(2);
    return [...under("lstm", lstm(32, 64)), ...under("head", linear(64, 10))];
  }),
  file("an LSTM of Keras", () => [
    tensor("lstm/kernel", glorotUniform({ seed: 0 }), [32, 256]),
    tensor("lstm/recurrent_kernel", orthogonal({ seed: 1 }), [64, 256]),
    {
      name: "lstm/bias",
      shape: [256],
      dtype: "float32",
      data: Float32Array.from({ length: 256 }, (_, i) => Number(i >= 64 && i < 128)),
    },
    tensor("dense/kernel", glorotUniform({ seed: 2 }), [64, 10]),
  ]),
  file("an embedding tied to the output", () => {
    manualSeed(3);
    const { weight } = embedding(200, 32);
    return weight
      ? [
          { name: "embed.weight", ...weight },
          { name: "lm_head.weight", ...weight },
        ]
      : [];
  }),
  file("GPT-2's 0.02 with normalization", () => {
    manualSeed(4);
    return [
      tensor("h.0.mlp.c_fc.weight", randomNormal({ stddev: 0.02, seed: 0 }), [256, 64]),
      tensor("h.0.mlp.c_proj.weight", randomNormal({ stddev: 0.02 / Math.sqrt(24), seed: 1 }), [64, 256]),
      ...under("h.0.ln_1", layerNorm([64])),
    ];
  }),
  file("SIREN", () => dense([2, 64, 64, 1], (l) => sirenUniform({ first: l === 0, seed: l }))),
  file("float16", () =>
    mlp().map((each) => ({
      ...each,
      dtype: "float16",
      data: Uint16Array.from(each.data as Float32Array, float16FromFloat32),
    })),
  ),
  file("only a bias", () => [tensor("bias", zeros(), [10])]),
  file("integer tables", () => [{ name: "ids", shape: [4], dtype: "int64", data: new BigInt64Array(4) }]),
  file("no tensors", () => []),
  file(
    "lecun_normal, 20 layers, SELU",
    () => dense([64, ...new Array<number>(20).fill(64), 10], (l) => lecunNormal({ seed: l })),
    null,
    {
      activation: "selu",
    },
  ),
];

const sickFiles: readonly DiagnoseCase[] = [
  file("one NaN", () => damaged(mlp(), "dense_1/kernel", (values) => values.fill(Number.NaN, 77, 78)), "E101"),
  file("a NaN in a bias", () => damaged(mlp(), "dense_0/bias", (values) => values.fill(Number.NaN, 0, 1)), "E101"),
  file("an infinity", () => damaged(mlp(), "dense_2/kernel", (values) => values.fill(-Infinity, 3, 4)), "E102"),
  file(
    "an overflow to float16",
    () => [{ ...tensor("k", heNormal({ seed: 0 }), [4, 4]), dtype: "float16", data: new Uint16Array(16).fill(0x7c00) }],
    "E102",
  ),
  file(
    "too few values",
    () => [{ name: "dense/kernel", shape: [10, 10], dtype: "float32", data: new Float32Array(99) }],
    "E103",
  ),
  file("a bias of another layer", () => [tensor("d/kernel", he(0), [64, 32]), tensor("d/bias", zeros(), [64])], "E104"),
  file("other sizes than asked for", mlp, "E104", { layers: [784, 100, 64, 10] }),
  file("read in the wrong layout", torchMlp, "E104", { layout: "keras" }),
  file("a layer without units", () => dense([16, 0, 4], he), "E105"),
  file("zeros in a hidden layer", () => dense([784, 128, 64, 10], (l) => (l === 1 ? zeros() : he(l))), "E301"),
  file("a kernel of zeros by itself", () => [tensor("dense/kernel", zeros(), [64, 32])], "W105"),
  file("all zeros", () => dense([784, 128, 10], () => zeros()), "E301"),
  file("ones", () => dense([784, 128, 10], () => ones()), "E301"),
  file("constants", () => dense([784, 128, 10], (l) => (l === 0 ? constant({ value: 0.1 }) : he(l))), "E301"),
  file(
    "equal columns, drifted by rounding",
    () =>
      damaged(mlp(), "dense_1/kernel", (values) => {
        for (let i = 0; i < values.length; i++) values[i] = (values[i - (i % 64)] ?? 0) * (1 + 1e-5 * ((i * 7) % 11));
      }),
    "E301",
  ),
  file(
    "equal rows of PyTorch",
    () =>
      damaged(torchMlp(), "fc2.weight", (values) => {
        for (let i = 128; i < values.length; i++) values[i] = values[i % 128] ?? 0;
      }),
    "E301",
  ),
  file(
    "a quarter of the units twice",
    () =>
      damaged(mlp(), "dense_1/kernel", (values) => {
        for (let i = 0; i < values.length; i++) if (i % 64 < 8) values[i] = values[i + 8] ?? 0;
      }),
    "W303",
  ),
  file(
    "one initializer for two layers",
    () => dense([64, 64, 64, 10], (l) => heNormal({ seed: l === 2 ? 9 : 3 })),
    "W103",
  ),
  file("one seed for all layers", () => dense([784, 128, 64, 10], () => heUniform({ seed: 7 })), "W104"),
  file("N(0, 1)", () => dense([784, 128, 10], (l) => randomNormal({ stddev: 1, seed: l })), "W101"),
  file("N(0, 0.01²)", () => dense([784, 128, 64, 10], (l) => randomNormal({ stddev: 0.01, seed: l })), "W101"),
  file("U(0, 1)", () => dense([784, 128, 10], (l) => randomUniform({ minval: 0, maxval: 1, seed: l })), "W108"),
  file("a 2000-sigma outlier", () => damaged(mlp(), "dense_0/kernel", (values) => values.fill(100, 5, 6)), "W107"),
  file(
    "rank one",
    () => {
      const [u, v] = [randomNormal({ seed: 0 })([784]).data, randomNormal({ seed: 1 })([128]).data];
      const data = Float32Array.from(
        { length: 784 * 128 },
        (_, i) => (u[Math.floor(i / 128)] ?? 0) * (v[i % 128] ?? 0),
      );
      return [{ name: "dense/kernel", shape: [784, 128], dtype: "float32", data }];
    },
    "W302",
  ),
  file(
    "PyTorch's defaults, 30 layers",
    () => {
      manualSeed(5);
      return Array.from({ length: 31 }, (_, l) => under(`layers.${l}`, linear(64, l === 30 ? 10 : 64))).flat();
    },
    "E201",
  ),
  file(
    "Glorot and ReLU, 30 layers",
    () => dense([64, ...new Array<number>(30).fill(64), 10], (l) => glorotNormal({ seed: l })),
    "E201",
    { activation: "relu" },
  ),
  file(
    "N(0, 1), 10 layers",
    () => dense([64, ...new Array<number>(10).fill(64), 10], (l) => randomNormal({ stddev: 1, seed: l })),
    "E202",
  ),
  file("a constant output layer", () => dense([784, 128, 10], (l) => (l === 1 ? ones() : he(l))), "W106"),
  file("tanh saturated", () => dense([64, 64, 64, 64, 10], (l) => truncatedNormal({ stddev: 1, seed: l })), "E205", {
    activation: "tanh",
  }),
  file(
    "variance of tfjs's heNormal, 30 layers",
    () => dense([64, ...new Array<number>(30).fill(64), 10], (l) => varianceScaling({ scale: 2 * 0.7737, seed: l })),
    "E201",
    { activation: "relu" },
  ),
  file("identity that widens", () => dense([32, 128, 10], (l) => (l === 0 ? identity() : he(l))), "E301"),
];

/** All of them. */
export const diagnoseCases: readonly DiagnoseCase[] = [
  ...healthyNetworks,
  ...sickNetworks,
  ...healthyFiles,
  ...sickFiles,
];
