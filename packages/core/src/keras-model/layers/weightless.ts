// Layers without weights: what they do to a shape, and which of them draw a seed.
// Source: keras/src/layers/{activations,core,merging,pooling,regularization,reshaping,preprocessing} 3.15.1.

import { KerasModelError } from "../keras-model-error.ts";
import { type Inputs, inputOf, type LayerDefinition } from "../layer.ts";
import { formatPartial, type PartialShape } from "../partial-shape.ts";
import { channelsFirst, joinShape, splitShape, windowOf, windowOutput } from "./convolution.ts";

type Size = number | null;

/** Gives the shape that it gets; draws nothing. */
export const unchanged: LayerDefinition = () => ({});

/** Gives the shape that it gets; draws a seed if the rate under `key` is above 0. */
export function dropout(key: "rate" | "stddev"): LayerDefinition {
  return ({ config, drawSeed }) => {
    if (config.number(key) > 0) drawSeed();
    return {};
  };
}

/** Gives the shape that it gets; always draws a seed. */
export const augmentation: LayerDefinition = ({ drawSeed }) => {
  drawSeed();
  return {};
};

export const inputLayer: LayerDefinition = ({ config }) => {
  const shape = config.shape("batch_shape") ?? config.shape("batch_input_shape");
  const inner = config.shape("shape");
  const whole = shape ?? (inner ? [null, ...inner] : config.fail("batch_shape", "a list of integers and null", shape));
  return { inputNames: [], outputs: () => [whole] };
};

export function pooling(rank: number): LayerDefinition {
  return (construction) => {
    const window = windowOf(construction, rank, "pool_size");
    return {
      outputs(inputs) {
        const { channels } = splitShape(window.where, inputOf(inputs), rank, window.channelsFirst);
        return [windowOutput(window, inputOf(inputs), channels)];
      },
    };
  };
}

export function globalPooling(rank: number): LayerDefinition {
  return (construction) => {
    const first = channelsFirst(construction);
    const keepsDimensions = construction.config.boolean("keepdims", false);
    return {
      outputs(inputs) {
        const { batch, channels } = splitShape(construction.config.where, inputOf(inputs), rank, first);
        return [joinShape(batch, keepsDimensions ? new Array<number>(rank).fill(1) : [], channels, first)];
      },
    };
  };
}

export function adaptivePooling(rank: number): LayerDefinition {
  return (construction) => {
    const first = channelsFirst(construction);
    const sizes = construction.config.sizes("output_size", rank);
    return {
      outputs(inputs) {
        const { batch, channels } = splitShape(construction.config.where, inputOf(inputs), rank, first);
        return [joinShape(batch, sizes, channels, first)];
      },
    };
  };
}

/** The product of known sizes; null where one is not known. */
function productOf(sizes: PartialShape): Size {
  return sizes.reduce<Size>((product, size) => (product === null || size === null ? null : product * size), 1);
}

export const flatten: LayerDefinition = () => ({
  outputs: (inputs) => [[inputOf(inputs)[0] ?? null, productOf(inputOf(inputs).slice(1))]],
});

export const reshape: LayerDefinition = ({ config }) => {
  const target = config.list("target_shape");
  const isSize = (size: unknown) => Number.isSafeInteger(size) && Number(size) >= -1;
  if (!target.every(isSize) || target.filter((size) => size === -1).length > 1) {
    config.fail("target_shape", "sizes, at most one of them -1", target);
  }
  return {
    outputs(inputs) {
      const [batch = null, ...rest] = inputOf(inputs);
      const known = target.filter((size) => size !== -1) as number[];
      const size = productOf(rest);
      const left = size === null ? null : size / known.reduce((product, factor) => product * factor, 1);
      if (left !== null && (target.includes(-1) ? !Number.isInteger(left) : left !== 1)) {
        config.fail(
          "target_shape",
          `the ${size} elements of ${formatPartial(inputOf(inputs))}`,
          target,
          "E_MODEL_SHAPE",
        );
      }
      return [[batch, ...target.map((entry) => (entry === -1 ? left : (entry as number)))]];
    },
  };
};

export const permute: LayerDefinition = ({ config }) => {
  const order = config.list("dims") as readonly number[];
  const sorted = [...order].sort((a, b) => a - b);
  if (!sorted.every((axis, i) => axis === i + 1)) config.fail("dims", "a permutation of 1 and up", order);
  return {
    outputs(inputs) {
      const shape = inputOf(inputs);
      if (shape.length !== order.length + 1)
        config.fail("dims", `axes of ${formatPartial(shape)}`, order, "E_MODEL_SHAPE");
      return [[shape[0] ?? null, ...order.map((axis) => shape[axis] ?? null)]];
    },
  };
};

export const repeatVector: LayerDefinition = ({ config }) => {
  const count = config.integer("n");
  return { outputs: (inputs) => [[inputOf(inputs)[0] ?? null, count, inputOf(inputs)[1] ?? null]] };
};

/** Changes each spatial size that is known. */
function resized(rank: number, change: (size: number, axis: number) => number): LayerDefinition {
  return (construction) => {
    const { where } = construction.config;
    const first = channelsFirst(construction);
    return {
      outputs(inputs) {
        const { batch, spatial, channels } = splitShape(where, inputOf(inputs), rank, first);
        const sizes = spatial.map((size, axis) => (size === null ? null : change(size, axis)));
        if (sizes.every((size) => size === null || size >= 0)) return [joinShape(batch, sizes, channels, first)];
        throw new KerasModelError("E_MODEL_SHAPE", where, `input: ${formatPartial(inputOf(inputs))} is too small`);
      },
    };
  };
}

export function upSampling(rank: number): LayerDefinition {
  return (construction) => {
    const factors = construction.config.sizes("size", rank, 2);
    return resized(rank, (size, axis) => size * (factors[axis] ?? 1))(construction);
  };
}

/** Adds to both ends, or, with `sign` -1, takes away. */
function ends(rank: number, key: string, sign: 1 | -1): LayerDefinition {
  return (construction) => {
    const pairs = construction.config.pairs(key, rank);
    return resized(
      rank,
      (size, axis) => size + sign * ((pairs[axis]?.[0] ?? 0) + (pairs[axis]?.[1] ?? 0)),
    )(construction);
  };
}

export const zeroPadding = (rank: number): LayerDefinition => ends(rank, "padding", 1);
export const cropping = (rank: number): LayerDefinition => ends(rank, "cropping", -1);

/** Images of `height` x `width`. */
export const resizing: LayerDefinition = (construction) => {
  const sizes = [construction.config.integer("height"), construction.config.integer("width")];
  return resized(2, (_, axis) => sizes[axis] ?? 0)(construction);
};

function mergedOf(where: string, inputs: Inputs): readonly PartialShape[] {
  const shapes = inputs["input"] ?? [];
  if (shapes.length >= 2) return shapes;
  throw new KerasModelError("E_MODEL_GRAPH", where, `input: expected a list of tensors, got ${shapes.length}`);
}

/** The shape to which all inputs broadcast. */
export const elementwise: LayerDefinition = ({ config }) => ({
  outputs(inputs) {
    const shapes = mergedOf(config.where, inputs);
    const misfit = () => {
      const message = `input: expected shapes that fit, got ${shapes.map(formatPartial).join(", ")}`;
      return new KerasModelError("E_MODEL_SHAPE", config.where, message);
    };
    const together = (a: Size, b: Size): Size => {
      if (a === null || b === null) return null;
      if (a !== b && a !== 1 && b !== 1) throw misfit();
      return a === 1 ? b : a;
    };
    const broadcast = (a: PartialShape, b: PartialShape): PartialShape => {
      const [long, short] = a.length >= b.length ? [a, b] : [b, a];
      const skipped = long.length - short.length;
      return long.map((size, i) => (i < skipped ? size : together(size, short[i - skipped] ?? null)));
    };
    const batch = shapes.map(([size]) => size ?? null).find((size) => size !== null) ?? null;
    return [[batch, ...shapes.map((shape): PartialShape => shape.slice(1)).reduce(broadcast)]];
  },
});

/** The inputs one after the other along an axis. */
export const concatenate: LayerDefinition = ({ config }) => {
  const given = config.integer("axis", -1, Number.MIN_SAFE_INTEGER);
  return {
    outputs(inputs) {
      const shapes = mergedOf(config.where, inputs);
      const [first = []] = shapes;
      const axis = given < 0 ? given + first.length : given;
      const fits = (shape: PartialShape) =>
        shape.length === first.length &&
        shape.every((size, i) => i === axis || i === 0 || size === null || (first[i] ?? size) === size);
      if (axis < 0 || axis >= first.length || !shapes.every(fits)) {
        const message = `input: expected shapes that fit along axis ${given}, got ${shapes.map(formatPartial).join(", ")}`;
        throw new KerasModelError("E_MODEL_SHAPE", config.where, message);
      }
      const sizes = shapes.map((shape) => shape[axis] ?? null);
      const total = sizes.reduce<Size>((sum, size) => (sum === null || size === null ? null : sum + size), 0);
      return [first.map((size, i) => (i === axis ? total : size))];
    },
  };
};

/** The product of two tensors along one axis of each. */
export const dot: LayerDefinition = ({ config }) => {
  const given = [config.get("axes")].flat();
  if (!given.every((axis) => Number.isSafeInteger(axis)) || given.length > 2)
    config.fail("axes", "one or two axes", given);
  return {
    outputs(inputs) {
      const [a = [], b = []] = mergedOf(config.where, inputs);
      const axes = [a, b].map((shape, i) => {
        const axis = Number(given[i] ?? given[0]);
        return axis < 0 ? axis + shape.length : axis;
      });
      const rest = [...a.filter((_, i) => i !== axes[0]), ...b.filter((_, i) => i !== axes[1]).slice(1)];
      return [rest.length === 1 ? [...rest, 1] : rest];
    },
  };
};

/** A function of keras.ops in a Functional model: without weights, its output as the model's JSON has it. */
export const operation: LayerDefinition = () => ({ outputs: () => undefined });
