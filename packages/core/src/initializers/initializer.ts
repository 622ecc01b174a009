// The interface of every initializer, and how a class is defined: by its parameters, its distribution, its fill.
// Source: keras/src/initializers/initializer.py and random_initializers.py (RandomInitializer) 3.15.1.
// One file: a definition and the initializer made of it check the same parameters and share their types.

import {
  type ArrayOf,
  allocate,
  DTYPES,
  type DType,
  dtypeOf,
  type ElementArray,
  elementsOf,
  elementTypes,
  expectDType,
  expectShape,
  type Shape,
  sizeOf,
  type Tensor,
} from "@fanin/tensor";
import { expectInteger, snakeCase } from "@fanin/tensor/arguments";
import { type OptionsOf, type Parameter, readOptions, type ValuesOf } from "../parameters/parameters.ts";
import { makeDefaultSeed } from "../random/default-seed.ts";
import type { Distribution, DistributionKind, DrawnDistribution, ValueSource } from "../random/distribution.ts";
import { plainInteger, type SeedPair } from "../random/seed.ts";
import { SeedGenerator } from "../random/seed-generator.ts";
import { type Sampler, type Slice, type Stream, samplerOf } from "../random/stream.ts";
import { DEFAULT_STREAM, expectStreamName, type StreamName } from "../random/stream-names.ts";
import { streams } from "../random/streams.ts";
import { expectSeed, serializeGenerator } from "./seed-option.ts";

/** What `getConfig` returns: Keras's keys, in Keras's order. */
export type Config = Readonly<Record<string, unknown>>;

/** A seed: an integer, a generator, or null for one that is drawn when the initializer is made. */
export type Seed = number | bigint | SeedGenerator | null;

/** The option of every initializer whose values depend on the framework. */
export interface StreamOptions {
  /** The framework whose values the initializer gives. Defaults to `keras/tensorflow`. */
  readonly stream?: StreamName | undefined;
}

/** Options that every random initializer has beside its own. */
export interface RandomOptions extends StreamOptions {
  /** Defaults to null: a seed is drawn when the initializer is made. */
  readonly seed?: Seed | undefined;
}

/** Options of {@link Initializer.fill}. */
export interface FillOptions {
  /** The flat index of the first element. Defaults to 0. */
  readonly offset?: number | undefined;
  readonly dtype?: DType | undefined;
}

/** Turns a shape into values. */
export interface Initializer {
  /**
   * The values for `shape`.
   *
   * @throws RangeError for a shape that no array can hold, or a dtype that the class or its stream cannot draw.
   */
  <D extends DType = "float32">(shape: Shape, options?: { readonly dtype?: D | undefined }): Tensor<D>;
  /** Keras's class name, such as `HeNormal`. */
  readonly className: string;
  /** The framework whose values these are; null where all frameworks have the same, as of Zeros. */
  readonly stream: StreamName | null;
  /**
   * Whether filling a slice takes time and memory for that slice alone. It takes more on `keras/torch` and `keras/numpy`,
   * whose generators are sequential, and for a class that computes the whole tensor, such as Orthogonal.
   */
  readonly randomAccess: boolean;
  /**
   * Fills `out` with the elements `offset` .. `offset + out.length - 1` of the tensor of `shape`; returns it.
   * The class of `out` determines the dtype, except for a Uint16Array, which needs `dtype`: float16 or bfloat16.
   * For an `out` of length 0 only the shape and dtype are checked.
   */
  fill<A extends ElementArray>(out: A, shape: Shape, options?: FillOptions): A;
  /** What the values for `shape` look like: mean, variance, support and, where it has a closed form, the distribution function. */
  distribution(shape: Shape): Distribution;
  /** Keras's config, from which `deserialize` makes the same initializer again. */
  getConfig(): Config;
}

/** Whether `value` has the interface of {@link Initializer}, which factories, functions too, do not. */
export function isInitializer(value: unknown): value is Initializer {
  return typeof value === "function" && "fill" in value && "getConfig" in value;
}

/** Where the values of one fill come from: one framework's random numbers in one element type, from a seed and a slice. */
export class Draw<D extends DType = "float32"> implements ValueSource<ArrayOf[D]> {
  readonly dtype: D;
  readonly framework: StreamName;
  readonly #sampler: Sampler<ArrayOf[D]>;
  readonly #seed: SeedPair;
  readonly #slice: Slice;

  constructor(dtype: D, framework: StreamName, sampler: Sampler<ArrayOf[D]>, seed: SeedPair, slice: Slice) {
    this.dtype = dtype;
    this.framework = framework;
    this.#sampler = sampler;
    this.#seed = seed;
    this.#slice = slice;
  }

  /** The same source for a whole tensor of `size` elements. */
  whole(size: number): Draw<D> {
    return new Draw(this.dtype, this.framework, this.#sampler, this.#seed, { size, offset: 0 });
  }

  uniform(out: ArrayOf[D], low: number, high: number): void {
    this.#sampler.uniform(out, this.#slice, this.#seed, low, high);
  }

  normal(out: ArrayOf[D], mean: number, stddev: number): void {
    this.#sampler.normal(out, this.#slice, this.#seed, mean, stddev);
  }

  /** Keras cuts at two standard deviations alone. */
  truncatedNormal(out: ArrayOf[D], mean: number, stddev: number): void {
    this.#sampler.truncatedNormal(out, this.#slice, this.#seed, mean, stddev);
  }

  constant(out: ArrayOf[D], value: number): void {
    fillConstant(out, this.dtype, value);
  }
}

/** One member of the family. */
interface Definition<P> {
  /** Names that `get` accepts beside the class name and its snake_case. */
  readonly aliases?: readonly string[];
  /** In the order in which Keras's config has them. */
  readonly parameters: P;
  /** Throws where the class has no values for this shape and element type; asked before anything is allocated. */
  expectShape?(shape: Shape, parameters: ValuesOf<P>, dtype: DType, stream: StreamName): void;
  distribution(shape: Shape, parameters: ValuesOf<P>): Distribution;
}

/** A definition whose values are drawn. */
export interface RandomDefinition<P, D extends DType = "float32"> extends Definition<P> {
  /** The element types that `fill` writes, as far as the stream draws them. Defaults to float32 alone. */
  readonly dtypes?: readonly D[];
  /** What the stream must draw. Defaults to the normal distribution. */
  readonly kind?: DistributionKind;
  /** Set where every slice costs the whole tensor. */
  readonly needsWholeTensor?: true;
  fill(out: ArrayOf[D], slice: Slice, shape: Shape, parameters: ValuesOf<P>, draw: Draw<D>): void;
}

/** A definition whose values are drawn from one distribution, in every element type of the stream. */
export interface DistributionDefinition<P> extends Definition<P> {
  distribution(shape: Shape, parameters: ValuesOf<P>): DrawnDistribution;
  /** What the stream must draw: the kind of `distribution` for any shape. */
  kind(parameters: ValuesOf<P>): DistributionKind;
}

/** A definition whose values are the same for every seed, in every element type. */
export interface ConstantDefinition<P> extends Definition<P> {
  /** Set where frameworks compute the values differently: the option `stream` then selects the framework. */
  readonly isFramework?: true;
  fill(out: ElementArray, slice: Slice, shape: Shape, parameters: ValuesOf<P>, dtype: DType, stream: StreamName): void;
}

/** Makes initializers of one class. */
export interface InitializerFactory<O> {
  (options?: O): Initializer;
  readonly className: string;
  readonly aliases: readonly string[];
  /** The option names, camelCase; the config has them in snake_case. */
  readonly optionNames: readonly string[];
}

/** The parameters as the config has them. */
function writeParameters<P>(parameters: P, values: ValuesOf<P>): Config {
  return Object.fromEntries(
    Object.entries(parameters as Readonly<Record<string, Parameter<unknown>>>).map(([name, { write }]) => {
      const value = values[name as keyof P];
      return [snakeCase(name), write ? write(value) : value];
    }),
  );
}

/** Sets every element to `value`. */
export function fillConstant(out: ElementArray, dtype: DType, value: number): void {
  elementsOf(out).fill(elementTypes[dtype].encode(value));
}

/** Copies to `out` the slice of a tensor that can only be computed whole. */
export function copySlice(out: Float32Array, { offset }: Slice, whole: Float32Array): void {
  out.set(whole.subarray(offset, offset + out.length));
}

interface Parts {
  readonly className: string;
  readonly stream: StreamName | null;
  readonly randomAccess: boolean;
  /** Throws where there are no values for `shape` in `dtype`. */
  expectValues(shape: Shape, dtype: DType): void;
  fillSlice(out: ElementArray, slice: Slice, shape: Shape, dtype: DType): void;
  distribution(shape: Shape): Distribution;
  getConfig(): Config;
}

function assemble(parts: Parts): Initializer {
  const initializer = <D extends DType = "float32">(
    shape: Shape,
    options: { readonly dtype?: D | undefined } = {},
  ): Tensor<D> => {
    expectShape(shape);
    const dtype = expectDType(options.dtype ?? "float32") as D;
    parts.expectValues(shape, dtype);
    const data = allocate(shape, dtype);
    parts.fillSlice(data, { size: data.length, offset: 0 }, shape, dtype);
    return { shape, dtype, data };
  };
  return Object.assign(initializer, {
    className: parts.className,
    stream: parts.stream,
    randomAccess: parts.randomAccess,
    distribution: (shape: Shape) => parts.distribution(expectShape(shape)),
    getConfig: parts.getConfig,
    fill<A extends ElementArray>(out: A, shape: Shape, options: FillOptions = {}): A {
      const dtype = dtypeOf("out", out, options.dtype);
      const size = sizeOf(expectShape(shape));
      parts.expectValues(shape, dtype);
      const offset = expectInteger("offset", options.offset ?? 0, 0, size);
      if (offset + out.length > size) {
        throw new RangeError(
          `out: expected at most ${size - offset} elements from offset ${offset}, got ${out.length}`,
        );
      }
      if (out.length > 0) parts.fillSlice(out, { size, offset }, shape, dtype);
      return out;
    },
  });
}

/** Defines a class whose values do not depend on a seed. */
export function defineConstant<P extends object, O = OptionsOf<P>>(
  className: string,
  definition: ConstantDefinition<P>,
): InitializerFactory<O> {
  const extra = definition.isFramework ? ["stream"] : [];
  const factory = (options?: O): Initializer => {
    const given: StreamOptions = options ?? {};
    const parameters = readOptions(className, definition.parameters, given, extra);
    const stream = given.stream === undefined ? DEFAULT_STREAM : expectStreamName(given.stream);
    return assemble({
      className,
      stream: definition.isFramework ? stream : null,
      randomAccess: true,
      expectValues: (shape, dtype) => definition.expectShape?.(shape, parameters, dtype, stream),
      fillSlice: (out, slice, shape, dtype) => definition.fill(out, slice, shape, parameters, dtype, stream),
      distribution: (shape) => definition.distribution(shape, parameters),
      getConfig: () => writeParameters(definition.parameters, parameters),
    });
  };
  return factoryOf(factory, className, definition, extra);
}

/** Defines a class whose values are drawn from a stream. */
export function defineRandom<P extends object, O = OptionsOf<P> & RandomOptions, D extends DType = "float32">(
  className: string,
  definition: RandomDefinition<P, D>,
): InitializerFactory<O> {
  return defineDrawn<P, O, D>(className, definition, () => definition.kind ?? "normal");
}

/** Defines a class whose values are drawn from one distribution. */
export function defineDistribution<P extends object, O = OptionsOf<P> & RandomOptions>(
  className: string,
  definition: DistributionDefinition<P>,
): InitializerFactory<O> {
  const { aliases, parameters, distribution, kind } = definition;
  return defineDrawn<P, O, DType>(
    className,
    {
      ...(aliases ? { aliases } : {}),
      parameters,
      dtypes: DTYPES,
      distribution,
      fill: (out, _slice, shape, values, draw) => distribution(shape, values).fill(out, draw),
    },
    kind,
  );
}

function defineDrawn<P extends object, O, D extends DType>(
  className: string,
  definition: Omit<RandomDefinition<P, D>, "kind">,
  kindOf: (parameters: ValuesOf<P>) => DistributionKind,
): InitializerFactory<O> {
  const dtypes: readonly DType[] = definition.dtypes ?? ["float32"];
  const factory = (options?: O): Initializer => {
    const given: RandomOptions = options ?? {};
    const parameters = readOptions(className, definition.parameters, given, seedAndStream);
    const streamName = given.stream === undefined ? DEFAULT_STREAM : expectStreamName(given.stream);
    const stream: Stream = streams[streamName];
    const kind = kindOf(parameters);
    const seed = given.seed ?? null;
    const generator = seed instanceof SeedGenerator ? seed : undefined;
    const fixed = generator || seed === null ? undefined : expectSeed(seed);
    // As in Keras: without a seed one is drawn here, once, so every call of this initializer returns the same values.
    const pair: SeedPair = [generator ? 0n : (fixed ?? BigInt(makeDefaultSeed())), 0n];
    return assemble({
      className,
      stream: streamName,
      randomAccess: stream.randomAccess && definition.needsWholeTensor !== true,
      expectValues(shape, dtype) {
        if (!dtypes.includes(dtype)) {
          throw new RangeError(`dtype: expected one of ${dtypes.join(", ")} for ${className}, got ${dtype}`);
        }
        samplerOf(stream, dtype as D, kind, className);
        definition.expectShape?.(shape, parameters, dtype, streamName);
      },
      // That `out` is the array of `dtype`, and `dtype` one of this class's, was checked before.
      fillSlice(out, slice, shape, dtype) {
        const sampler = samplerOf(stream, dtype as D, kind, className);
        const fill = (seed: SeedPair) => {
          const draw = new Draw(dtype as D, streamName, sampler, seed, slice);
          definition.fill(out as ArrayOf[D], slice, shape, parameters, draw);
        };
        if (generator) generator.draw(stream.seedDType, fill);
        else fill(pair);
      },
      distribution: (shape) => definition.distribution(shape, parameters),
      getConfig: () => ({
        seed: generator ? serializeGenerator(generator) : fixed === undefined ? null : plainInteger(fixed),
        ...writeParameters(definition.parameters, parameters),
      }),
    });
  };
  return factoryOf(factory, className, definition, seedAndStream);
}

const seedAndStream = ["seed", "stream"];

function factoryOf<O>(
  factory: (options?: O) => Initializer,
  className: string,
  { aliases = [], parameters }: { readonly aliases?: readonly string[]; readonly parameters: object },
  extra: readonly string[],
): InitializerFactory<O> {
  return Object.assign(factory, { className, aliases, optionNames: [...Object.keys(parameters), ...extra] });
}
