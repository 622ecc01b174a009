// The convolutions: plain, transposed, depthwise and separable, of one to three dimensions.
// Source: keras/src/layers/convolutional/base_*.py, keras/src/ops/operation_utils.py 3.15.1.

import { KerasModelError } from "../keras-model-error.ts";
import { type Construction, inputOf, type LayerDefinition } from "../layer.ts";
import { formatPartial, type PartialShape } from "../partial-shape.ts";

const PADDINGS = ["valid", "same", "causal"] as const;
const DATA_FORMATS = ["channels_last", "channels_first"] as const;

/** What every convolution and pooling is configured with. */
export interface Window {
  readonly where: string;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: (typeof PADDINGS)[number];
  readonly channelsFirst: boolean;
}

/** Whether the channels are the first dimension after the batch. */
export function channelsFirst({ config }: Construction): boolean {
  return config.choice("data_format", DATA_FORMATS, "channels_last") === "channels_first";
}

/** Reads the window; that of a pooling is under `pool_size`, whose strides default to its size. */
export function windowOf(construction: Construction, rank: number, key = "kernel_size"): Window {
  const { config } = construction;
  const kernelSize = config.sizes(key, rank, key === "pool_size" ? 2 : undefined);
  const strides = key === "pool_size" && config.get("strides") === undefined ? kernelSize : undefined;
  return {
    where: config.where,
    kernelSize,
    strides: strides ?? config.sizes("strides", rank, 1),
    dilation: config.sizes("dilation_rate", rank, 1),
    padding: config.choice("padding", PADDINGS, "valid"),
    channelsFirst: channelsFirst(construction),
  };
}

/** The parts of an input's shape. */
export interface SplitShape {
  readonly batch: number | null;
  readonly channels: number | null;
  readonly spatial: PartialShape;
}

/** Batch, spatial dimensions and channels of an input; throws where the rank is wrong. */
export function splitShape(where: string, shape: PartialShape, rank: number, first: boolean): SplitShape {
  if (shape.length !== rank + 2) {
    const message = `input: expected ${rank + 2} dimensions, got ${formatPartial(shape)}`;
    throw new KerasModelError("E_MODEL_SHAPE", where, message);
  }
  const [batch = null] = shape;
  const channels = (first ? shape[1] : shape.at(-1)) ?? null;
  return { batch, channels, spatial: first ? shape.slice(2) : shape.slice(1, -1) };
}

/** The shape again, with the channels where they belong. */
export function joinShape(
  batch: number | null,
  spatial: PartialShape,
  channels: number | null,
  first: boolean,
): PartialShape {
  return first ? [batch, channels, ...spatial] : [batch, ...spatial, channels];
}

/** The output of a window that slides: floor((n - dilated) / stride) + 1, or ceil(n / stride) where it is padded. */
export function windowOutput(window: Window, shape: PartialShape, filters: number | null): PartialShape {
  const { where, kernelSize, strides, dilation, padding, channelsFirst: first } = window;
  const { batch, spatial } = splitShape(where, shape, kernelSize.length, first);
  const sizes = spatial.map((size, i) => {
    if (size === null) return null;
    const reach = padding === "valid" ? (dilation[i] ?? 1) * ((kernelSize[i] ?? 1) - 1) + 1 : 1;
    const output = Math.floor((size - reach) / (strides[i] ?? 1)) + 1;
    if (output > 0) return output;
    const message = `input: expected ${kernelSize.join("x")} to fit, got ${formatPartial(shape)}`;
    throw new KerasModelError("E_MODEL_SHAPE", where, message);
  });
  return joinShape(batch, sizes, filters, first);
}

/** The channels of the input. */
function channelsOf(window: Window, shape: PartialShape): number | null {
  return splitShape(window.where, shape, window.kernelSize.length, window.channelsFirst).channels;
}

/** kernel (...window, in / groups, filters), bias (filters). */
export function convolution(rank: number): LayerDefinition {
  return (construction) => {
    const { config, initializer, weight } = construction;
    config.refuse("lora_rank");
    const window = windowOf(construction, rank);
    const filters = config.integer("filters");
    const groups = config.integer("groups", 1);
    const useBias = config.boolean("use_bias", true);
    const kernel = initializer("kernel_initializer", "glorot_uniform");
    const bias = initializer("bias_initializer", "zeros");
    return {
      build(inputs) {
        const channels = channelsOf(window, inputOf(inputs));
        if ((channels ?? 0) % groups !== 0 || filters % groups !== 0) {
          const message = `groups: expected a divisor of ${channels} channels and ${filters} filters, got ${groups}`;
          throw new KerasModelError("E_MODEL_SHAPE", config.where, message);
        }
        windowOutput(window, inputOf(inputs), filters);
        const shape = [...window.kernelSize, channels === null ? null : channels / groups, filters];
        const plans = [weight("kernel", shape, kernel)];
        return useBias ? [...plans, weight("bias", [filters], bias)] : plans;
      },
      outputs: (inputs) => [windowOutput(window, inputOf(inputs), filters)],
    };
  };
}

function transposedSize(window: Window, size: number, axis: number, outputPadding: number | undefined): number {
  const stride = window.strides[axis] ?? 1;
  const reach = ((window.kernelSize[axis] ?? 1) - 1) * (window.dilation[axis] ?? 1) + 1;
  if (window.padding === "valid")
    return (size - 1) * stride + reach + (outputPadding ?? Math.max(reach, stride) - reach);
  return outputPadding === undefined ? size * stride : (size - 1) * stride + (reach % 2) + outputPadding;
}

/** kernel (...window, filters, in), bias (filters): the other way round than a plain one. */
export function convolutionTranspose(rank: number): LayerDefinition {
  return (construction) => {
    const { config, initializer, weight } = construction;
    const window = windowOf(construction, rank);
    const filters = config.integer("filters");
    const padded = config.get("output_padding") === undefined ? undefined : config.sizes("output_padding", rank, 0, 0);
    const useBias = config.boolean("use_bias", true);
    const kernel = initializer("kernel_initializer", "glorot_uniform");
    const bias = initializer("bias_initializer", "zeros");
    return {
      build(inputs) {
        const plans = [weight("kernel", [...window.kernelSize, filters, channelsOf(window, inputOf(inputs))], kernel)];
        return useBias ? [...plans, weight("bias", [filters], bias)] : plans;
      },
      outputs(inputs) {
        const { batch, spatial } = splitShape(config.where, inputOf(inputs), rank, window.channelsFirst);
        const sizes = spatial.map((size, i) => (size === null ? null : transposedSize(window, size, i, padded?.[i])));
        return [joinShape(batch, sizes, filters, window.channelsFirst)];
      },
    };
  };
}

/** kernel (...window, in, multiplier), bias (in * multiplier). */
export function depthwiseConvolution(rank: number): LayerDefinition {
  return (construction) => {
    const { config, initializer, weight } = construction;
    const window = windowOf(construction, rank);
    const multiplier = config.integer("depth_multiplier", 1);
    const useBias = config.boolean("use_bias", true);
    const kernel = initializer("depthwise_initializer", "glorot_uniform");
    const bias = initializer("bias_initializer", "zeros");
    const wide = (channels: number | null) => (channels === null ? null : channels * multiplier);
    return {
      build(inputs) {
        const channels = channelsOf(window, inputOf(inputs));
        windowOutput(window, inputOf(inputs), wide(channels));
        const plans = [weight("kernel", [...window.kernelSize, channels, multiplier], kernel)];
        return useBias ? [...plans, weight("bias", [wide(channels)], bias)] : plans;
      },
      outputs: (inputs) => [windowOutput(window, inputOf(inputs), wide(channelsOf(window, inputOf(inputs))))],
    };
  };
}

/** depthwise_kernel (...window, in, multiplier), pointwise_kernel (1..., in * multiplier, filters), bias (filters). */
export function separableConvolution(rank: number): LayerDefinition {
  return (construction) => {
    const { config, initializer, weight } = construction;
    const window = windowOf(construction, rank);
    const filters = config.integer("filters");
    const multiplier = config.integer("depth_multiplier", 1);
    const useBias = config.boolean("use_bias", true);
    const depthwise = initializer("depthwise_initializer", "glorot_uniform");
    const pointwise = initializer("pointwise_initializer", "glorot_uniform");
    const bias = initializer("bias_initializer", "zeros");
    return {
      build(inputs) {
        const channels = channelsOf(window, inputOf(inputs));
        windowOutput(window, inputOf(inputs), filters);
        const ones = new Array<number>(rank).fill(1);
        const wide = channels === null ? null : channels * multiplier;
        const plans = [
          weight("depthwise_kernel", [...window.kernelSize, channels, multiplier], depthwise),
          weight("pointwise_kernel", [...ones, wide, filters], pointwise),
        ];
        return useBias ? [...plans, weight("bias", [filters], bias)] : plans;
      },
      outputs: (inputs) => [windowOutput(window, inputOf(inputs), filters)],
    };
  };
}
