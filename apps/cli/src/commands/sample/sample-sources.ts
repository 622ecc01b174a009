// The streams of `fanin sample`, with the framework of each.

import { initializerNames } from "@fanin/core";
import { expectOneOf } from "@fanin/tensor/arguments";
import { jaxFunctions, jaxSample } from "../../frameworks/jax-sample.ts";
import { findByName, type NamedArguments } from "../../frameworks/named-arguments.ts";
import type { SampleSource } from "../../frameworks/sample-source.ts";
import { torchFunctions, torchSample } from "../../frameworks/torch-sample.ts";
import { kerasSample } from "./keras-sample.ts";

const sources: Readonly<Record<string, SampleSource>> = {
  "keras/tensorflow": kerasSample,
  "keras/jax": kerasSample,
  "keras/torch": kerasSample,
  "keras/numpy": kerasSample,
  torch: torchSample,
  jax: jaxSample,
};

/** Every stream by name. */
export const sampleStreams: readonly string[] = Object.keys(sources);

/**
 * Returns the framework of a stream.
 *
 * @throws RangeError for an unknown stream, with a suggestion.
 */
export function sampleSource(stream: string): SampleSource {
  return sources[expectOneOf("stream", stream, sampleStreams)] ?? kerasSample;
}

/** Returns the names of positional arguments of an initializer; undefined for Keras's, which `parseInitializer` knows. */
export function sampleParameters(stream: string): ((name: string) => string[]) | undefined {
  const table: Readonly<Record<string, { readonly defaults: NamedArguments }>> | undefined =
    stream === "torch" ? torchFunctions : stream === "jax" ? jaxFunctions : undefined;
  return table && ((name) => Object.keys(findByName(stream, name.replace(/_$/, ""), table).defaults));
}

/** Lists the names of initializers of all frameworks, lower case, sorted. */
export function sampleNames(): string[] {
  const keras = initializerNames().filter((name) => name === name.toLowerCase() && name !== "initializer");
  return [...new Set([...keras, ...Object.keys(torchFunctions), ...Object.keys(jaxFunctions)])].sort();
}
