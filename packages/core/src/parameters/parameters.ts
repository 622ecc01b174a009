// The parameters of an initializer: one table, from which the type of its options, their checks and their defaults follow.

import { describeValue, suggestion } from "@fanin/tensor/arguments";
/** One parameter with a default. `Given` is the type that a caller may pass, `T` what the check makes of it. */
export interface Parameter<T, Given = T> {
  readonly default: T;
  /** Returns the value or throws. */
  readonly expect: (name: string, value: unknown) => T;
  /** The value as a config has it. Defaults to the value itself. */
  readonly write?: (value: T) => unknown;
  /** Only a type. */
  readonly given?: Given;
}

/** One parameter without a default: the caller must pass it. */
export interface RequiredParameter<T> {
  readonly expect: (name: string, value: unknown) => T;
}

/** A table of parameters, in the order in which the framework has them. */
export type ParameterTable = Readonly<Record<string, Parameter<never, unknown> | RequiredParameter<unknown>>>;

type GivenTo<P> = P extends Parameter<infer _, infer Given> ? Given : P extends RequiredParameter<infer T> ? T : never;

/** The options that a table of parameters takes. */
export type OptionsOf<P> = {
  readonly [K in keyof P as P[K] extends { readonly default: unknown } ? K : never]?: GivenTo<P[K]> | undefined;
} & {
  readonly [K in keyof P as P[K] extends { readonly default: unknown } ? never : K]: GivenTo<P[K]>;
};

/** The checked values of a table of parameters. */
export type ValuesOf<P> = {
  readonly [K in keyof P]: P[K] extends { readonly expect: (name: string, value: unknown) => infer T } ? T : never;
};

/**
 * The values of `options`, checked and completed by the defaults.
 *
 * @throws TypeError, naming `owner`, for an option that neither `parameters` nor `extra` has; what the checks throw.
 */
export function readOptions<P>(
  owner: string,
  parameters: P,
  options: object,
  extra: readonly string[] = [],
): ValuesOf<P> {
  const table = parameters as ParameterTable;
  expectOptions(owner, options, [...Object.keys(table), ...extra]);
  const given = options as Readonly<Record<string, unknown>>;
  const values: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(table)) {
    const value = given[name];
    values[name] = value === undefined && "default" in parameter ? parameter.default : parameter.expect(name, value);
  }
  return values as ValuesOf<P>;
}

/** Refuses options whose name is not among `known`. */
export function expectOptions(owner: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${owner}: expected an object of options, got ${describeValue(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const expected = known.length === 0 ? "no options" : known.join(", ");
    throw new TypeError(
      `${owner}: unknown option ${JSON.stringify(name)}; expected ${expected}${suggestion(name, known)}`,
    );
  }
}

/** The defaults of `parameters` by name; undefined for a parameter that has none. */
export function defaultsOf(parameters: object): Readonly<Record<string, unknown>> {
  const entries = Object.entries(parameters as ParameterTable);
  return Object.fromEntries(
    entries.map(([name, parameter]) => [name, "default" in parameter ? parameter.default : undefined]),
  );
}
