// A function of torch.nn.init: what it is called with, what it checks, and the distribution of its values.
// Source: torch/nn/init.py, ATen/native/DistributionTemplates.h (CHECK_OUT_OF_BOUNDS, CHECK_NORMAL_STD), PyTorch 2.13.

import { elementTypes, expectShape, FLOAT_DTYPES, type FloatDType, type Shape, type Tensor } from "@fanin/tensor";
import { expectOneOf } from "@fanin/tensor/arguments";
import { defaultsOf, type OptionsOf, readOptions, type ValuesOf } from "../parameters/parameters.ts";
import type { Distribution, DrawnDistribution, ValueSource } from "../random/distribution.ts";
import { expectRange, expectStd, type Filled, fillNormal, fillUniform, makeTensor } from "./fill.ts";
import { expectGenerator, type Generator } from "./generator.ts";

/** The option of every function that draws. */
export interface GeneratorOptions {
  /** The source of the random numbers. Defaults to the global generator. */
  readonly generator?: Generator | undefined;
}

/** The option of every function of a shape. */
export interface DTypeOptions<D extends FloatDType = "float32"> {
  /** Defaults to `float32`. The data of float16 and bfloat16 are bit patterns. */
  readonly dtype?: D | undefined;
}

/** Turns a shape and options `O` into a tensor; `T` are the element types that it has. */
export interface TorchInitializer<O, T extends FloatDType = FloatDType> {
  /**
   * A new tensor of `shape`.
   *
   * @throws TypeError or RangeError for an unknown option, a value that PyTorch refuses, or a shape that it does not take.
   */
  <D extends T = T & "float32">(
    shape: Shape,
    ...options: Record<never, never> extends O ? [options?: O & DTypeOptions<D>] : [options: O & DTypeOptions<D>]
  ): Tensor<D>;
  /** Whether the values are drawn. */
  readonly isRandom: boolean;
  /** The options in PyTorch's order with their defaults; undefined for one that has none. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** What the values for `shape` look like. */
  distribution(shape: Shape, ...options: Record<never, never> extends O ? [options?: O] : [options: O]): Distribution;
}

/** Draws by one generator in one element type. */
export class TorchSource implements ValueSource<Filled> {
  readonly dtype: FloatDType;
  readonly generator: Generator;

  constructor(dtype: FloatDType, generator: Generator) {
    this.dtype = dtype;
    this.generator = generator;
  }

  uniform(out: Filled, low: number, high: number): void {
    fillUniform(out, this.dtype, this.generator, low, high);
  }

  normal(out: Filled, mean: number, stddev: number): void {
    fillNormal(out, this.dtype, this.generator, mean, stddev);
  }

  truncatedNormal(): never {
    throw new TypeError("torch cuts a normal at two values, which truncNormal draws");
  }

  constant(out: Filled, value: number): void {
    out.fill(elementTypes[this.dtype].encode(value));
  }
}

/** One function. */
interface Definition<P> {
  readonly parameters: P;
  /** False where nothing is drawn: there is then no generator among the options. Defaults to true. */
  readonly isRandom?: boolean;
  /** The element types. Defaults to all. */
  readonly dtypes?: readonly FloatDType[];
  distribution(shape: Shape, values: ValuesOf<P>): Distribution;
}

/** A function whose values are not one distribution: `fill` fills a tensor of zeros that is not empty. */
interface FillDefinition<P> extends Definition<P> {
  fill(data: Filled, shape: Shape, values: ValuesOf<P>, source: TorchSource): void;
  /** Throws for what `fill` refuses in this element type. */
  expectValues?(values: ValuesOf<P>, dtype: FloatDType, shape: Shape): void;
}

/** A function whose values are one distribution. */
interface DistributionDefinition<P> extends Definition<P> {
  distribution(shape: Shape, values: ValuesOf<P>): DrawnDistribution;
}

/** Throws where torch refuses the parameters of a distribution in this element type. */
function expectDrawable({ kind, parameters }: DrawnDistribution, dtype: FloatDType): void {
  const [first, second] = parameters as [number, number];
  if (kind === "uniform") expectRange(first, second, dtype);
  else if (kind === "normal") expectStd(second);
}

function define<P extends object, O, T extends FloatDType>(
  name: string,
  { parameters, isRandom = true, dtypes = FLOAT_DTYPES, distribution }: Definition<P>,
  fillOf: (shape: Shape, values: ValuesOf<P>, dtype: FloatDType) => (data: Filled, source: TorchSource) => void,
): TorchInitializer<O, T> {
  const extra = isRandom ? ["dtype", "generator"] : ["dtype"];
  const initializer = <D extends T = T & "float32">(shape: Shape, options: object = {}): Tensor<D> => {
    const values = readOptions(name, parameters, options, extra);
    const given = options as DTypeOptions<D> & GeneratorOptions;
    const dtype = expectOneOf("dtype", given.dtype ?? "float32", dtypes) as D;
    const fill = fillOf(expectShape(shape), values, dtype);
    const generator = isRandom ? expectGenerator(given.generator) : undefined;
    return makeTensor(shape, dtype, (data) => fill(data, new TorchSource(dtype, generator as Generator)));
  };
  return Object.assign(initializer, {
    isRandom,
    defaults: defaultsOf(parameters),
    distribution: (shape: Shape, options: object = {}) =>
      distribution(expectShape(shape), readOptions(name, parameters, options, extra)),
  }) as TorchInitializer<O, T>;
}

/** Defines a function of torch.nn.init whose values are one distribution. */
export function defineDistribution<P extends object, O = OptionsOf<P> & GeneratorOptions>(
  name: string,
  definition: DistributionDefinition<P>,
): TorchInitializer<O> {
  return define(name, definition, (shape, values, dtype) => {
    const distribution = definition.distribution(shape, values);
    expectDrawable(distribution, dtype);
    return (data, source) => distribution.fill(data, source);
  });
}

/** Defines a function of torch.nn.init that fills tensors its own way. */
export function defineFill<P extends object, O = OptionsOf<P> & GeneratorOptions, T extends FloatDType = FloatDType>(
  name: string,
  definition: FillDefinition<P>,
): TorchInitializer<O, T> {
  return define(name, definition, (shape, values, dtype) => {
    definition.distribution(shape, values); // refuses a shape that the function does not take
    definition.expectValues?.(values, dtype, shape);
    return (data, source) => {
      if (data.length > 0) definition.fill(data, shape, values, source);
    };
  });
}
