// Counts every typed array that the package allocates, so that an unchecked length from a file is detected.

import { vi } from "vitest";
import type * as Formats from "../../src/index.ts";

const arrays = [
  "ArrayBuffer",
  "Uint8Array",
  "Uint16Array",
  "Uint32Array",
  "BigInt64Array",
  "BigUint64Array",
  "Int8Array",
  "Int16Array",
  "Int32Array",
  "Float32Array",
  "Float64Array",
] as const;

/** Stops a faulty reader before it exhausts the memory of the machine. */
const FAR_TOO_MUCH = 2 ** 31;

let allocated = 0;

/** The bytes allocated since the last call. */
export function takeAllocated(): number {
  const bytes = allocated;
  allocated = 0;
  return bytes;
}

/** Reloads the package so that it uses counting arrays; `vi.unstubAllGlobals()` restores the normal ones. */
export async function loadCounted(): Promise<typeof Formats> {
  for (const name of arrays) {
    const real = globalThis[name] as unknown as { new (...parameters: unknown[]): object; BYTES_PER_ELEMENT?: number };
    const unit = real.BYTES_PER_ELEMENT ?? 1;
    const counting = new Proxy(real, {
      construct(target, parameters: unknown[], newTarget) {
        const [first] = parameters;
        if (typeof first === "number") allocated += first * unit;
        if (allocated > FAR_TOO_MUCH) throw new Error(`the package allocates ${allocated} bytes`);
        return Reflect.construct(target, parameters, newTarget) as object;
      },
    });
    vi.stubGlobal(name, counting);
  }
  vi.resetModules();
  return import("../../src/index.ts");
}
