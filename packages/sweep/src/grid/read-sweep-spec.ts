// The text of a spec file, JSON or YAML by its name, as a value.
// Source: YAML 1.2 (npm yaml), of which the core schema is read: no custom tags, and anchors up to a bound.

import { type SweepSpec, sweepSpec } from "./sweep-spec.ts";

/**
 * A spec that is not one: the message begins with the file.
 *
 * @example
 * const error = await readSweepSpec("depths: [2]", "spec.yaml").catch((error: unknown) => error);
 * error instanceof SpecError && error.message; // => 'spec.yaml: initializers: expected a list, got nothing'
 */
export class SpecError extends Error {
  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${file}: ${reason}`, options);
    // The name by which a command tells a malformed file.
    this.name = "MalformedFileError";
  }
}

async function parse(text: string, file: string): Promise<unknown> {
  if (!/\.ya?ml$/i.test(file)) return JSON.parse(text);
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text, { uniqueKeys: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw problem;
  return document.toJS({ maxAliasCount: 100 });
}

/**
 * The spec in `text`, checked.
 *
 * @param file its name: YAML where it ends in .yaml or .yml, else JSON.
 * @throws SpecError, named MalformedFileError, which says the file and the place in it.
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
    throw new SpecError(file, `expected ${/\.ya?ml$/i.test(file) ? "YAML" : "JSON"}: ${reason}`, { cause: error });
  }
  try {
    return sweepSpec(value, firstSeed);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new SpecError(file, error.message, { cause: error });
  }
}
