// .npy files against npyjs, an independent implementation, in both directions.

import type { AnyDType, TensorData } from "@fanin/tensor";
import * as fc from "fast-check";
import { dump, parse } from "npyjs";
import { describe, expect, it } from "vitest";
import { dtypeNameIn, dtypesOf } from "../src/dtype-names.ts";
import { readNpy, writeNpy } from "../src/index.ts";
import { bytesOf, tensorOfDTypes } from "./tensors.ts";

/** Copies a file to its own buffer, which npyjs requires. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer as ArrayBuffer;
}

const shared = dtypesOf("npy");

describe.each(shared)("%s", (dtype: AnyDType) => {
  const name = dtypeNameIn("npy", "", dtype) as NonNullable<Parameters<typeof dump>[2]>["dtype"] & string;

  it("is read by npyjs as it was written", () => {
    fc.assert(
      fc.property(tensorOfDTypes([dtype]), ({ shape, data }) => {
        const theirs = parse(bufferOf(writeNpy({ shape, dtype, data } as Parameters<typeof writeNpy>[0])), {
          convertFloat16: false,
        });
        expect([theirs.dtype, theirs.shape, theirs.fortranOrder]).toEqual([name, [...shape], false]);
        // npyjs converts bytes to JavaScript booleans.
        if (dtype === "bool") expect([...(theirs.data as unknown as boolean[])]).toEqual(Array.from(data, Boolean));
        else expect(bytesOf(theirs.data as TensorData)).toEqual(bytesOf(data));
      }),
    );
  });

  it("is read as npyjs wrote it", () => {
    fc.assert(
      fc.property(tensorOfDTypes([dtype]), ({ shape, data }) => {
        const ours = readNpy(new Uint8Array(dump(data, [...shape], { dtype: name })));
        expect([ours.dtype, ours.shape]).toEqual([dtype, [...shape]]);
        expect(bytesOf(ours.data)).toEqual(bytesOf(data));
      }),
    );
  });
});

it("are compared for every dtype that .npy has", () => {
  expect(shared.length).toBe(14);
});
