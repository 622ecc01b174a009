// Signal propagation: the activations and gradients of each layer of a network at initialization.
// Source: Glorot and Bengio 2010, He et al. 2015 for the quantities; training uses the same kernels.

import type { Initializer, StreamName } from "@fanin/core";
import { getRuntime } from "@fanin/core/runtime";
import type { TheoryBand } from "@fanin/figures";
import { describeValue, expectInteger } from "@fanin/tensor/arguments";
import { moments } from "../engine/moments.ts";
import { activationFunctions } from "./activation-functions.ts";
import { exp, log10FromLn } from "./elementary.ts";
import { expectNetwork, expectSeed, networkInitializers, normalSource, type SignalNetwork } from "./network.ts";
import { type LayerTheory, type LayerVariances, propagateTheory } from "./propagate-theory.ts";
import { type Scaled, SignalPass } from "./signal-pass.ts";

/** Options of a measurement. */
export interface PropagateOptions {
  readonly seed: number;
  /** Defaults to `keras/tensorflow`. */
  readonly stream?: StreamName;
  /** The number of inputs. Defaults to 128. */
  readonly batch?: number;
  /** batch x inputs, row-major; rows 2i and 2i + 1 form the pairs of the correlation. Defaults to a standard normal. */
  readonly input?: "normal" | Float32Array;
  /** The number of bins of the histograms, 1 to 256. Defaults to 41. */
  readonly bins?: number;
  /** Draws a kernel, for callers that measure repeatedly and cache draws. Defaults to `initializer(shape).data`. */
  readonly draw?: (initializer: Initializer, shape: readonly [number, number]) => Float32Array;
}

/** log10 of a mean square, measured and by theory; null for 0, for non-finite values, and without theory. */
export interface Measured {
  readonly log10: number | null;
  readonly theory: TheoryBand | null;
}

/** The signal at one layer of weights and its units. */
export interface LayerSignal {
  /** The number of the layer, from 1. */
  readonly layer: number;
  readonly units: number;
  /** The mean square of pre-activations. */
  readonly forward: Measured;
  /** log10 of the mean square of activations; null for 0. */
  readonly activation: number | null;
  /** The mean square of the gradient of a random linear readout of the last layer with respect to pre-activations. */
  readonly gradient: Measured;
  /** The share of units without a gradient for any input of the batch. */
  readonly dead: number;
  /** The share of activations beyond 97 % of their range, where slopes are below 6 % of the maximum; null if unbounded. */
  readonly saturated: number | null;
  /** The mean cosine between the pre-activations of two inputs; null for a batch of 1. */
  readonly correlation: { readonly measured: number | null; readonly theory: number | null };
  /** The effective rank (sum s^2)^2 / sum s^4 over the singular values of the batch x units activations. */
  readonly effectiveRank: number | null;
  /** The histogram of activations; values outside the range count in the outer bins. */
  readonly counts: readonly number[];
}

/** The result of `propagate`: plain JSON, the same bytes for the same arguments in every engine. */
export interface SignalReport {
  readonly schemaVersion: 1;
  readonly layers: readonly number[];
  readonly activation: string;
  readonly initializer: string | readonly string[] | null;
  readonly biasStddev: number;
  readonly seed: number;
  readonly stream: StreamName;
  readonly batch: number;
  /** log10 of the mean square of the inputs; null for 0. */
  readonly input: number | null;
  /** The range of every histogram: four root mean squares of the first layer's activations. */
  readonly histogram: { readonly low: number; readonly high: number };
  readonly signals: readonly LayerSignal[];
}

/** The state that the forward pass leaves for the backward pass, and its measurements. */
interface LayerState {
  readonly weights: number;
  readonly derivatives: Scaled;
  readonly lnForward: number;
  readonly lnActivation: number;
  readonly dead: number;
  readonly saturated: number | null;
  readonly correlation: number | null;
  readonly effectiveRank: number | null;
  readonly counts: readonly number[];
}

function finiteLog10(lnValue: number): number | null {
  return Number.isFinite(lnValue) ? log10FromLn(lnValue) : null;
}

/** Var(weight) and Var(bias) of each layer; null if theory does not apply: nonzero means or zero weights. */
function layerVariances(network: SignalNetwork, initializers: readonly Initializer[] | null): LayerVariances[] | null {
  const biasVariance = (network.biasStddev ?? 0) * (network.biasStddev ?? 0);
  const variances: LayerVariances[] = [];
  for (const [l, outputs] of network.layers.slice(1).entries()) {
    const inputs = network.layers[l] ?? 0;
    let weightVariance: number;
    const kernel = network.weights?.[l];
    if (kernel) {
      const { mean, standardDeviation } = moments(kernel);
      weightVariance = standardDeviation * standardDeviation + mean * mean;
    } else {
      const distribution = initializers?.[l]?.distribution([inputs, outputs]);
      if (distribution?.mean !== 0) return null;
      weightVariance = distribution.variance;
    }
    variances.push({ inputs, outputs, weightVariance, biasVariance });
  }
  return variances;
}

function expectInput(input: PropagateOptions["input"], length: number): Float32Array | null {
  if (input === undefined || input === "normal") return null;
  if (!(input instanceof Float32Array)) {
    throw new TypeError(`input: expected "normal" or a Float32Array, got ${describeValue(input)}`);
  }
  if (input.length !== length)
    throw new RangeError(`input: expected batch x inputs = ${length} values, got ${input.length}`);
  return input;
}

/**
 * Propagates a batch forward through a network at initialization and a gradient backward, and measures both at each layer.
 *
 * Forward is q_l = mean of z_l^2; gradient is the mean of (d readout / d z_l)^2 for a readout v . z_L, v ~ N(0, 1). Sums are
 * in f64, and powers of two keep arrays near 1, so that 1e-100 and 1e+100 do not become 0 and Infinity.
 *
 * @throws TypeError or RangeError that names the field of `network` or `options`, before anything is allocated.
 * @example
 * propagate({ layers: new Array(31).fill(64), activation: "relu", initializer: "glorot_uniform" }, { seed: 0 });
 */
export function propagate(network: SignalNetwork, options: PropagateOptions): SignalReport {
  const { layers } = expectNetwork(network);
  const key = expectSeed(options);
  const rows = expectInteger("batch", options.batch ?? 128, 1, 2 ** 16);
  const bins = expectInteger("bins", options.bins ?? 41, 1, 256);
  const features = layers[0] ?? 0;
  const given = expectInput(options.input, rows * features);
  const initializers = networkInitializers(network, key);
  const variances = layerVariances(network, initializers);
  const draw = options.draw ?? ((initializer, shape) => initializer(shape).data);
  return getRuntime().arena.scope((alloc) => {
    const pass = new SignalPass(network, rows, bins, alloc);
    const widest = Math.max(...layers);
    const [z, even, odd] = [0, 1, 2].map(() => alloc(rows * widest * 4)) as [number, number, number];
    const drawBias = normalSource(key, "bias");
    const stddev = network.biasStddev ?? 0;
    let x: Scaled = { pointer: even, length: rows * features, exponent: 0 };
    pass.view(x).set(given ?? normalSource(key, "input")(x.length, 1));
    const lnInput = pass.lnMeanSquare(x);
    const inputCorrelation = pass.correlation(x, features);
    pass.normalize(x, lnInput);

    const states: LayerState[] = [];
    for (const [l, units] of layers.slice(1).entries()) {
      const inputs = layers[l] ?? 0;
      const weights = pass.array(inputs * units);
      const initializer = initializers?.[l];
      const kernel = network.weights?.[l] ?? (initializer && draw(initializer, [inputs, units]));
      if (kernel) pass.view(weights).set(kernel);
      const sums: Scaled = { pointer: z, length: rows * units, exponent: 0 };
      pass.dense(sums, x, weights.pointer, inputs, units, stddev > 0 ? drawBias(units, stddev) : null);
      const lnForward = pass.lnMeanSquare(sums);
      pass.normalize(sums, lnForward);
      const a: Scaled = { pointer: l % 2 === 0 ? odd : even, length: rows * units, exponent: 0 };
      const derivatives = pass.activate(a, sums, l === layers.length - 2);
      const lnActivation = pass.lnMeanSquare(a);
      const reach = 4 * exp(lnActivation / 2);
      if (l === 0 && reach > 0 && Number.isFinite(reach)) pass.range = reach;
      states.push({
        weights: weights.pointer,
        derivatives,
        lnForward,
        lnActivation,
        dead: pass.dead(derivatives, units),
        saturated: l === layers.length - 2 ? null : pass.saturated(derivatives),
        correlation: pass.correlation(sums, units),
        effectiveRank: pass.effectiveRank(a, units),
        counts: pass.histogram(a),
      });
      pass.normalize(a, lnActivation);
      x = a;
    }
    const lnGradients = backward(pass, layers, states, rows, [even, odd], normalSource(key, "readout"));
    const theory =
      variances && propagateTheory(activationFunctions[network.activation], variances, exp(lnInput), inputCorrelation);
    return {
      schemaVersion: 1,
      layers,
      activation: network.activation,
      initializer: network.weights ? null : (network.initializer ?? null),
      biasStddev: stddev,
      ...key,
      batch: rows,
      input: finiteLog10(lnInput),
      histogram: { low: -pass.range, high: pass.range },
      signals: states.map((state, l) => layerSignal(l, layers, state, lnGradients[l] ?? 0, theory?.[l])),
    };
  });
}

/** ln of the mean square of the gradient at each layer's pre-activations. */
function backward(
  pass: SignalPass,
  layers: readonly number[],
  states: readonly LayerState[],
  rows: number,
  blocks: readonly [number, number],
  draw: (n: number, stddev: number) => Float32Array,
): number[] {
  const last = states.length - 1;
  const outputs = layers[last + 1] ?? 0;
  let above: Scaled = { pointer: blocks[0], length: rows * outputs, exponent: 0 };
  const readout = draw(outputs, 1);
  const start = pass.view(above);
  for (let row = 0; row < rows; row++) start.set(readout, row * outputs);
  const lnGradients = new Array<number>(states.length).fill(pass.lnMeanSquare(above));
  for (let l = last - 1; l >= 0; l--) {
    const units = layers[l + 1] ?? 0;
    const below: Scaled = { pointer: blocks[(last - l) % 2 === 0 ? 0 : 1], length: rows * units, exponent: 0 };
    pass.transposed(below, above, states[l + 1]?.weights ?? 0, units, layers[l + 2] ?? 0);
    const slopes = states[l]?.derivatives;
    if (slopes) pass.multiply(below, slopes);
    lnGradients[l] = pass.lnMeanSquare(below);
    pass.normalize(below, lnGradients[l] ?? 0);
    above = below;
  }
  return lnGradients;
}

function layerSignal(
  l: number,
  layers: readonly number[],
  state: LayerState,
  lnGradient: number,
  theory: LayerTheory | undefined,
): LayerSignal {
  const { lnForward, lnActivation, dead, saturated, correlation, effectiveRank, counts } = state;
  return {
    layer: l + 1,
    units: layers[l + 1] ?? 0,
    forward: { log10: finiteLog10(lnForward), theory: theory?.forward ?? null },
    activation: finiteLog10(lnActivation),
    gradient: { log10: finiteLog10(lnGradient), theory: theory?.gradient ?? null },
    dead,
    saturated,
    correlation: { measured: correlation, theory: theory?.correlation ?? null },
    effectiveRank,
    counts,
  };
}
