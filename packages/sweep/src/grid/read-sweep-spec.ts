// Reads the text of a spec file, JSON or YAML by its name.
// Source: RFC 8259; YAML 1.2, core schema without custom tags.

import { boundedJson, MalformedFileError } from "@fanin/formats";
import { boundedYaml } from "./bounded-yaml.ts";
import { type SweepSpec, sweepSpec } from "./sweep-spec.ts";

/**
 * The error of an invalid spec; the message begins with the file.
 *
 * @example
 * const error = await readSweepSpec("depths: [2]", "spec.yaml").catch((error: unknown) => error);
 * error instanceof SpecError && error.message; // => 'spec.yaml: initializers: expected a list, got nothing'
 */
export class SpecError extends Error {
  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${file}: ${reason}`, options);
    // Commands recognise a malformed file by this name.
    this.name = "MalformedFileError";
  }
}

async function parse(text: string, file: string): Promise<unknown> {
  return /\.ya?ml$/i.test(file) ? boundedYaml(text) : boundedJson(text);
}

/**
 * Reads and checks the spec in `text`.
 *
 * @param file Its name: YAML if it ends in .yaml or .yml, else JSON.
 * @throws SpecError, named MalformedFileError, with the file and the place in it.
 * @example
 * const spec = await readSweepSpec("initializers: [he_normal, zeros]\ndepths: [2, 8]\nseeds: 3", "spec.yaml");
 * spec.seeds; // => [ 0, 1, 2 ]
 */
export async function readSweepSpec(text: string, file: string, firstSeed?: number): Promise<SweepSpec> {
  let value: unknown;
  try {
    value = await parse(text, file);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).trimEnd();
    // Text beyond a bound may be valid JSON or YAML.
    const isBound = error instanceof MalformedFileError || error instanceof RangeError;
    const expected = isBound ? "" : `expected ${/\.ya?ml$/i.test(file) ? "YAML" : "JSON"}: `;
    throw new SpecError(file, `${expected}${reason}`, { cause: error });
  }
  try {
    return sweepSpec(value, firstSeed);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new SpecError(file, error.message, { cause: error });
  }
}
