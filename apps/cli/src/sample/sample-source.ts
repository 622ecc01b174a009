// What `fanin sample` asks of a framework, and what it is given.

import type { Config, Fans, Law } from "@fanin/core";
import type { AnyDType, Shape, TensorData } from "@fanin/tensor";

/** One call of an initializer, as the command line has it. */
export interface SampleRequest {
  /** The initializer as it was typed. */
  readonly name: string;
  /** Its arguments, keys as the framework writes them. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly shape: Shape;
  readonly seed: number | bigint;
  /** Whether --seed was given, and 0 is not just its default. */
  readonly isSeedGiven: boolean;
  /** As it was typed; undefined for the framework's default. */
  readonly dtype: string | undefined;
  readonly stream: string;
}

/** The values of one initializer for one shape, and what is known of them. */
export interface Sample {
  /** The framework's own name of the initializer. */
  readonly initializer: string;
  /** All of its arguments, those left out with their defaults. */
  readonly config: Config;
  /** Null where nothing is drawn. */
  readonly stream: string | null;
  readonly dtype: AnyDType;
  readonly data: TensorData;
  readonly law: Law;
  /** As the framework counts them; null for shapes that have none. */
  readonly fans: Fans | null;
}

/** A framework's initializers. */
export type SampleSource = (request: SampleRequest) => Sample;
