// Checks a module that the caller passes before it is instantiated: its kind, its imports, its exports and its version.
// Source: the WebAssembly JavaScript interface's Module.imports, Module.exports and Module.customSections.

import { KERNELS_VERSION } from "./generated/kernels-version.ts";

/** How to make a module from a value that callers often pass instead, by the name that Object.prototype.toString gives. */
const REMEDIES: Readonly<Record<string, string>> = {
  ArrayBuffer: "; compile it first: await WebAssembly.compile(bytes)",
  Uint8Array: "; compile it first: await WebAssembly.compile(bytes)",
  Response: "; compile it first: await WebAssembly.compileStreaming(response)",
  Promise: "; await it first",
  String: "; fetch the file and compile it first: await WebAssembly.compileStreaming(fetch(url))",
  "WebAssembly.Instance": "; pass the module that it was made of",
};

const kindOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

function importsOf(module: unknown): WebAssembly.ModuleImportDescriptor[] {
  try {
    // Unlike instanceof, this accepts modules of another window or context.
    return WebAssembly.Module.imports(module as WebAssembly.Module);
  } catch {
    const kind = kindOf(module);
    throw new TypeError(`module: expected a WebAssembly.Module, got ${kind}${REMEDIES[kind] ?? ""}`);
  }
}

/** What scripts/generate.mjs wrote into a binary: its version, and "relaxed" if it is the relaxed one. */
function markOf(module: WebAssembly.Module): readonly [version?: string, kind?: string] {
  const [section] = WebAssembly.Module.customSections(module, "fanin");
  return section === undefined ? [] : (new TextDecoder().decode(section).split(" ") as [string, string?]);
}

/**
 * Whether `module` is the relaxed binary, whose results may differ between machines.
 *
 * @example
 * isRelaxedModule(new WebAssembly.Module(networkKernelsBytes())); // => false
 */
export const isRelaxedModule = (module: WebAssembly.Module): boolean => markOf(module)[1] === "relaxed";

/**
 * Returns `module` if it is a binary of this version of the package and has `kernels`, a list of names separated by spaces.
 *
 * @throws TypeError for another kind of value; RangeError for another file, with the first kernel that it lacks, and for a file of
 *   another version.
 */
export function expectModule(module: unknown, kernels: string, file: string): WebAssembly.Module {
  const imports = importsOf(module);
  const compiled = module as WebAssembly.Module;
  const remedy = `it is the wrong file or of another version; compile ${file} of the @fanin/kernels that is installed`;
  const functions = new Set<string>();
  for (const { name, kind } of WebAssembly.Module.exports(compiled)) if (kind === "function") functions.add(name);
  const missing = kernels.split(" ").find((name) => !functions.has(name));
  if (missing !== undefined) {
    throw new RangeError(`module: expected the kernels of ${file}, got a module without ${missing}: ${remedy}`);
  }
  const [memory, foreign] = imports;
  if (!(memory?.kind === "memory" && memory.module === "env" && memory.name === "memory") || foreign) {
    const names = imports.map((each) => `${each.module}.${each.name} (${each.kind})`).join(", ") || "nothing";
    throw new RangeError(
      `module: expected to import env.memory (memory) alone, got a module that imports ${names}: ${remedy}`,
    );
  }
  const [version] = markOf(compiled);
  if (version !== KERNELS_VERSION) {
    const got = version === undefined ? "a module without a version" : `version ${JSON.stringify(version)}`;
    throw new RangeError(`module: expected version "${KERNELS_VERSION}" of the kernels, got ${got}: ${remedy}`);
  }
  return compiled;
}
