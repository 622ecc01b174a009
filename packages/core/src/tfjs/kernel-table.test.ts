// docs/tfjs-kernels.md equals the registry.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { kernelTable } from "./kernel-table.ts";
import { kernelSupport } from "./register.ts";

it("equals docs/tfjs-kernels.md (else: node scripts/write-kernel-table.mjs)", () => {
  const file = join(import.meta.dirname, "../../../../docs/tfjs-kernels.md");
  expect(readFileSync(file, "utf8")).toBe(kernelTable());
});

it("lists every kernel of tfjs-backend-cpu, training's own in WebAssembly", () => {
  const support = new Map(kernelSupport().map((kernel) => [kernel.kernelName, kernel.support]));
  expect(support.size).toBe(172);
  for (const name of ["BatchMatMul", "Conv2DBackpropFilter", "MaxPoolGrad", "Sum", "Softmax", "UnsortedSegmentSum"]) {
    expect(support.get(name), name).toBe("wasm");
  }
  expect(support.get("Identity")).toBe("shared");
  expect(support.get("FFT")).toBe("fallback");
});
