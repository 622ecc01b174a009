// The normalizations, and PReLU: vectors over some axes of the input.
// Source: keras/src/layers/normalization/*.py, keras/src/layers/activations/prelu.py 3.15.1.

import { KerasModelError } from "../keras-model-error.ts";
import { type Construction, inputOf, type LayerDefinition, type WeightPlan } from "../layer.ts";
import type { LayerInitializer } from "../layer-initializer.ts";
import { formatPartial, type PartialShape } from "../partial-shape.ts";

/** The sizes of `shape` along `axes`, which may count from the end. */
function sizesAlong(where: string, shape: PartialShape, axes: readonly number[]): PartialShape {
  return axes.map((axis) => {
    const size = shape.at(axis);
    if (size !== undefined && axis >= -shape.length) return size;
    throw new KerasModelError("E_MODEL_SHAPE", where, `axis: expected one of ${formatPartial(shape)}, got ${axis}`);
  });
}

/** One axis or a list of them; a list is sorted, as Keras sorts it. */
function axesOf({ config }: Construction): readonly number[] {
  const isList = Array.isArray(config.get("axis"));
  if (!isList) return [config.integer("axis", -1, Number.MIN_SAFE_INTEGER)];
  const axes = config.list("axis");
  if (!axes.every((axis) => Number.isSafeInteger(axis))) config.fail("axis", "integers", axes);
  return [...(axes as number[])].sort((a, b) => a - b);
}

/** The square root of what an initializer gives, as renormalization starts its deviations. */
function squareRoots(
  { computed }: Construction,
  name: string,
  shape: PartialShape,
  initializer: LayerInitializer,
): WeightPlan {
  return computed(name, shape, initializer, (sizes, values) => {
    const tensor = values(sizes);
    return { ...tensor, data: tensor.data.map(Math.sqrt) };
  });
}

/** gamma, beta, moving_mean, moving_variance over one axis; renormalization adds three. */
export const batchNormalization: LayerDefinition = (construction) => {
  const { config, initializer, weight, dtype } = construction;
  const axis = config.integer("axis", -1, Number.MIN_SAFE_INTEGER);
  const center = config.boolean("center", true);
  const scale = config.boolean("scale", true);
  const renorm = config.boolean("renorm", false);
  if (renorm && dtype !== "float32") config.fail("renorm", `false for ${dtype}`, renorm, "E_MODEL_LAYER");
  const beta = initializer("beta_initializer", "zeros");
  const gamma = initializer("gamma_initializer", "ones");
  const mean = initializer("moving_mean_initializer", "zeros");
  const variance = initializer("moving_variance_initializer", "ones");
  return {
    build(inputs) {
      const shape = sizesAlong(config.where, inputOf(inputs), [axis]);
      const plans: WeightPlan[] = [];
      if (scale) plans.push(weight("gamma", shape, gamma));
      if (center) plans.push(weight("beta", shape, beta));
      plans.push(weight("moving_mean", shape, mean), weight("moving_variance", shape, variance));
      if (renorm) {
        plans.push(squareRoots(construction, "moving_stddev", shape, variance.clone()));
        plans.push(weight("renorm_mean", shape, mean.clone()));
        plans.push(squareRoots(construction, "renorm_stddev", shape, variance.clone()));
      }
      return plans;
    },
  };
};

/** gamma, beta over the axes. */
export const layerNormalization: LayerDefinition = (construction) => {
  const { config, initializer, weight } = construction;
  const axes = axesOf(construction);
  const rmsScaling = config.boolean("rms_scaling", false);
  const scale = config.boolean("scale", true) || rmsScaling;
  const center = config.boolean("center", true) && !rmsScaling;
  const beta = initializer("beta_initializer", "zeros");
  const gamma = initializer("gamma_initializer", "ones");
  return {
    build(inputs) {
      const shape = sizesAlong(config.where, inputOf(inputs), axes);
      const plans: WeightPlan[] = [];
      if (scale) plans.push(weight("gamma", shape, gamma));
      if (center) plans.push(weight("beta", shape, beta));
      return plans;
    },
  };
};

/** gamma, beta over one axis, which the groups divide. */
export const groupNormalization: LayerDefinition = ({ config, initializer, weight }) => {
  const groups = config.integer("groups", 32, -1);
  const axis = config.integer("axis", -1, Number.MIN_SAFE_INTEGER);
  const center = config.boolean("center", true);
  const scale = config.boolean("scale", true);
  const beta = initializer("beta_initializer", "zeros");
  const gamma = initializer("gamma_initializer", "ones");
  return {
    build(inputs) {
      const shape = sizesAlong(config.where, inputOf(inputs), [axis]);
      const [channels = null] = shape;
      if (groups !== -1 && channels !== null && (groups < 1 || channels % groups !== 0)) {
        config.fail("groups", `a divisor of ${channels} channels`, groups, "E_MODEL_SHAPE");
      }
      const plans: WeightPlan[] = [];
      if (scale) plans.push(weight("gamma", shape, gamma));
      if (center) plans.push(weight("beta", shape, beta));
      return plans;
    },
  };
};

/** scale over the axes, always ones. */
export const rmsNormalization: LayerDefinition = (construction) => {
  const { config, initializer, weight } = construction;
  const axes = axesOf(construction);
  const ones = initializer(null, "ones");
  return { build: (inputs) => [weight("scale", sizesAlong(config.where, inputOf(inputs), axes), ones)] };
};

/** alpha, of the input's shape without the batch; 1 along shared axes. */
export const prelu: LayerDefinition = ({ config, initializer, weight }) => {
  const shared = config.get("shared_axes") === undefined ? [] : [config.get("shared_axes")].flat();
  const alpha = initializer("alpha_initializer", "zeros");
  return {
    build(inputs) {
      const shape = inputOf(inputs);
      const isAxis = (axis: unknown) => Number.isSafeInteger(axis) && Number(axis) >= 1 && Number(axis) < shape.length;
      if (!shared.every(isAxis)) config.fail("shared_axes", `axes of ${formatPartial(shape)}`, shared, "E_MODEL_SHAPE");
      const sizes = shape.slice(1).map((size, i) => (shared.includes(i + 1) ? 1 : size));
      return [weight("alpha", sizes, alpha)];
    },
  };
};

/** mean, variance over the axes, and the count of adapt(); nothing where the config has mean and variance. */
export const normalization: LayerDefinition = (construction) => {
  const { config, initializer, weight, count } = construction;
  const hasValues = config.get("mean") !== undefined;
  if (hasValues !== (config.get("variance") !== undefined)) {
    config.fail("variance", "mean and variance, or neither", config.get("variance"));
  }
  const axes = config.isNull("axis") ? [] : axesOf(construction);
  const zeros = initializer(null, "zeros");
  const ones = initializer(null, "ones");
  return {
    build(inputs) {
      if (hasValues) return [];
      const shape = inputOf(inputs);
      const places = axes.map((axis) => (axis < 0 ? axis + shape.length : axis)).sort((a, b) => a - b);
      const sizes = sizesAlong(config.where, shape, places);
      return [weight("mean", sizes, zeros), weight("variance", sizes, ones), count("count")];
    },
  };
};

/** gamma (projection_dim), to which Keras's ConvNeXt gives no name: `variable`, `variable_1`, ... */
export const layerScale: LayerDefinition = ({ config, constant, weight }) => {
  const size = config.integer("projection_dim");
  const gamma = constant(config.number("init_values"));
  return { build: () => [weight("variable", [size], gamma)] };
};
