// The request and the answer of `fanin sample` to a framework.

import type { Config, Distribution, Fans } from "@fanin/core";
import type { AnyDType, Shape, TensorData } from "@fanin/tensor";

/** A call of an initializer from the command line. */
export interface SampleRequest {
  /** The initializer as typed. */
  readonly name: string;
  /** Its arguments, with the names of the framework. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly shape: Shape;
  readonly seed: number | bigint;
  /** Whether --seed was given. */
  readonly isSeedGiven: boolean;
  /** The dtype as typed; undefined for the framework's default. */
  readonly dtype: string | undefined;
  readonly stream: string;
}

/** The values of an initializer for a shape, with their properties. */
export interface Sample {
  /** The framework's name of the initializer. */
  readonly initializer: string;
  /** All of its arguments, including defaults. */
  readonly config: Config;
  /** Null if no random numbers are drawn. */
  readonly stream: string | null;
  readonly dtype: AnyDType;
  readonly data: TensorData;
  readonly distribution: Distribution;
  /** The fans as the framework counts them; null for shapes without fans. */
  readonly fans: Fans | null;
}

/** The initializers of a framework. */
export type SampleSource = (request: SampleRequest) => Sample;
