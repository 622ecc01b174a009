// The interface of every initializer, and the one way to define a family member: its parameters, its law, its fill.
// Source: keras/src/initializers/initializer.py and random_initializers.py (RandomInitializer) 3.16.
// One file: a definition and the initializer made of it check the same parameters and share their types.

import {
  type ArrayOf,
  allocate,
  type DType,
  dtypeOf,
  type ElementArray,
  expectDType,
  expectShape,
  type Shape,
  sizeOf,
  type Tensor,
} from "@fanin/tensor";
import { expectInteger, suggestion } from "@fanin/tensor/arguments";
import { makeDefaultSeed } from "../random/default-seed.ts";
import type { Law } from "../random/law.ts";
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
  /** The framework whose values are wanted. Defaults to `keras/tensorflow`. */
  readonly stream?: StreamName | undefined;
}

/** Options that every random initializer has beside its own. */
export interface RandomOptions extends StreamOptions {
  readonly seed?: Seed | undefined;
}

/** Options of {@link Initializer.fill}. */
export interface FillOptions {
  /** The flat index of the first element; 0 unless said. */
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
   * Whether a slice costs what it fills, in time and memory. It does not on `keras/torch` and `keras/numpy`, and of a
   * class that computes its tensor whole, such as Orthogonal.
   */
  readonly addressable: boolean;
  /**
   * Fills `out` with the elements `offset` .. `offset + out.length - 1` of the tensor of `shape`; returns it.
   * The class of `out` says the dtype, but for a Uint16Array, which needs `dtype`: float16 or bfloat16.
   * With an `out` of length 0 the shape and dtype are checked, and nothing is computed.
   */
  fill<A extends ElementArray>(out: A, shape: Shape, options?: FillOptions): A;
  /** What the values for `shape` should look like. */
  law(shape: Shape): Law;
  /** Keras's config, from which `deserialize` makes the same initializer again. */
  getConfig(): Config;
}

/** Whether `value` has the interface of {@link Initializer}, which factories, functions too, do not. */
export function isInitializer(value: unknown): value is Initializer {
  return typeof value === "function" && "fill" in value && "getConfig" in value;
}

/** Where the values of one fill come from: the stream's distributions in the element type of the fill, and a seed. */
export interface Draw<D extends DType = "float32"> {
  readonly dtype: D;
  readonly framework: StreamName;
  readonly stream: Sampler<ArrayOf[D]>;
  readonly seed: SeedPair;
}

/** One parameter: its default, a check that returns the value or throws, and how the config has it if not as it is. */
export interface Parameter<T> {
  readonly default: T;
  readonly expect: (name: string, value: unknown) => T;
  readonly write?: (value: T) => unknown;
}

/** The parameters of an initializer. */
export type Parameters<P> = { readonly [K in keyof P]: Parameter<P[K]> };

/** One member of the family. */
export interface Definition<P> {
  /** Names that `get` accepts beside the class name and its snake_case. */
  readonly aliases?: readonly string[];
  /** In the order in which Keras's config has them. */
  readonly parameters: Parameters<P>;
  /** Throws where the class has no values for this shape and element type; asked before anything is allocated. */
  expectShape?(shape: Shape, parameters: P, dtype: DType, stream: StreamName): void;
  law(shape: Shape, parameters: P): Law;
}

/** A definition whose values are drawn. */
export interface RandomDefinition<P, D extends DType = "float32"> extends Definition<P> {
  /** The element types that `fill` writes, as far as the stream draws them. Defaults to float32 alone. */
  readonly dtypes?: readonly D[];
  /** What is drawn of the stream. Defaults to the normal distribution. */
  distribution?(parameters: P): keyof Sampler;
  /** Set where any slice costs the whole tensor. */
  readonly isWhole?: true;
  fill(out: ArrayOf[D], slice: Slice, shape: Shape, parameters: P, draw: Draw<D>): void;
}

/** A definition whose values are the same for every seed, in every element type. */
export interface ConstantDefinition<P> extends Definition<P> {
  /** Set where frameworks compute the values differently: the option `stream` then says which one's they are. */
  readonly isFramework?: true;
  fill(out: ElementArray, slice: Slice, shape: Shape, parameters: P, dtype: DType, stream: StreamName): void;
}

/** Makes initializers of one class. */
export interface InitializerFactory<O> {
  (options?: O): Initializer;
  readonly className: string;
  readonly aliases: readonly string[];
  /** The option names, camelCase; the config has them in snake_case. */
  readonly optionNames: readonly string[];
}

/** `inputAxes` as the config writes it: `input_axes`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `input_axes` as the option is called: `inputAxes`. */
export function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Reads the options of a class: own parameters checked and defaulted, unknown ones refused. */
function readOptions<P>(className: string, definition: Definition<P>, options: object, extra: readonly string[]): P {
  const names = Object.keys(definition.parameters) as (keyof P & string)[];
  const known = [...names, ...extra];
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      const expected = known.length === 0 ? "no options" : known.join(", ");
      throw new TypeError(
        `${className}: unknown option ${JSON.stringify(name)}; expected ${expected}${suggestion(name, known)}`,
      );
    }
  }
  const given = options as Partial<Record<string, unknown>>;
  const parameters: Partial<P> = {};
  for (const name of names) {
    const { default: fallback, expect } = definition.parameters[name];
    const value = given[name];
    parameters[name] = value === undefined ? fallback : expect(name, value);
  }
  return parameters as P;
}

/** The parameters as the config has them. */
function writeParameters<P>(definition: Definition<P>, parameters: P): Config {
  const names = Object.keys(definition.parameters) as (keyof P & string)[];
  return Object.fromEntries(
    names.map((name) => {
      const { write } = definition.parameters[name];
      return [snakeCase(name), write ? write(parameters[name]) : parameters[name]];
    }),
  );
}

/** Copies to `out` the slice of a tensor that can only be computed whole. */
export function copySlice(out: Float32Array, { offset }: Slice, whole: Float32Array): void {
  out.set(whole.subarray(offset, offset + out.length));
}

interface Parts {
  readonly className: string;
  readonly stream: StreamName | null;
  readonly addressable: boolean;
  /** Throws where there are no values for `shape` in `dtype`. */
  expectValues(shape: Shape, dtype: DType): void;
  fillSlice(out: ElementArray, slice: Slice, shape: Shape, dtype: DType): void;
  law(shape: Shape): Law;
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
    addressable: parts.addressable,
    law: (shape: Shape) => parts.law(expectShape(shape)),
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
export function defineConstant<P extends object, O = { readonly [K in keyof P]?: P[K] | undefined }>(
  className: string,
  definition: ConstantDefinition<P>,
): InitializerFactory<O> {
  const extra = definition.isFramework ? ["stream"] : [];
  const names = [...Object.keys(definition.parameters), ...extra];
  const factory = (options?: O): Initializer => {
    const given: StreamOptions = options ?? {};
    const parameters = readOptions(className, definition, given, extra);
    const stream = given.stream === undefined ? DEFAULT_STREAM : expectStreamName(given.stream);
    return assemble({
      className,
      stream: definition.isFramework ? stream : null,
      addressable: true,
      expectValues: (shape, dtype) => definition.expectShape?.(shape, parameters, dtype, stream),
      fillSlice: (out, slice, shape, dtype) => definition.fill(out, slice, shape, parameters, dtype, stream),
      law: (shape) => definition.law(shape, parameters),
      getConfig: () => writeParameters(definition, parameters),
    });
  };
  return Object.assign(factory, { className, aliases: definition.aliases ?? [], optionNames: names });
}

/** Defines a class whose values are drawn from a stream. */
export function defineRandom<
  P extends object,
  O = { readonly [K in keyof P]?: P[K] | undefined } & RandomOptions,
  D extends DType = "float32",
>(className: string, definition: RandomDefinition<P, D>): InitializerFactory<O> {
  const dtypes: readonly DType[] = definition.dtypes ?? ["float32"];
  const names = Object.keys(definition.parameters) as (keyof P & string)[];
  const factory = (options?: O): Initializer => {
    const given: RandomOptions = options ?? {};
    const parameters = readOptions(className, definition, given, ["seed", "stream"]);
    const streamName = given.stream === undefined ? DEFAULT_STREAM : expectStreamName(given.stream);
    const stream: Stream = streams[streamName];
    const distribution = definition.distribution?.(parameters) ?? "normal";
    const seed = given.seed ?? null;
    const generator = seed instanceof SeedGenerator ? seed : undefined;
    const fixed = generator || seed === null ? undefined : expectSeed(seed);
    // As in Keras: without a seed one is drawn here, once, so every call of this initializer returns the same values.
    const integer = generator ? 0n : (fixed ?? BigInt(makeDefaultSeed()));
    return assemble({
      className,
      stream: streamName,
      addressable: stream.addressable && definition.isWhole !== true,
      expectValues(shape, dtype) {
        if (!dtypes.includes(dtype)) {
          throw new RangeError(`dtype: expected one of ${dtypes.join(", ")} for ${className}, got ${dtype}`);
        }
        samplerOf(stream, dtype as D, distribution, className);
        definition.expectShape?.(shape, parameters, dtype, streamName);
      },
      // That `out` is the array of `dtype`, and `dtype` one of this class's, was checked before.
      fillSlice(out, slice, shape, dtype) {
        const sampler = samplerOf(stream, dtype as D, distribution, className);
        const fill = (seed: SeedPair) =>
          definition.fill(out as ArrayOf[D], slice, shape, parameters, {
            dtype: dtype as D,
            framework: streamName,
            stream: sampler,
            seed,
          });
        if (generator) generator.draw(stream.seedDType, fill);
        else fill([integer, 0n]);
      },
      law: (shape) => definition.law(shape, parameters),
      getConfig: () => ({
        seed: generator ? serializeGenerator(generator) : fixed === undefined ? null : plainInteger(fixed),
        ...writeParameters(definition, parameters),
      }),
    });
  };
  return Object.assign(factory, {
    className,
    aliases: definition.aliases ?? [],
    optionNames: [...names, "seed", "stream"],
  });
}
