// Writes and reads an archive of more than 65,535 tensors. test/large-files.test.ts tests the archive alone.

import { expect, it } from "vitest";
import { bytesSource, type NamedTensor, openNpz, type StoredTensor, writeNpz } from "../src/index.ts";

it("an .npz file stores more than 65535 tensors, and is read if the limit allows it", async () => {
  const tensors = Array.from(
    { length: 65_600 },
    (_, i): NamedTensor => ({ name: `${i}`, shape: [], dtype: "bool", data: Uint8Array.of(i & 1) }),
  );
  const stored = await openNpz(bytesSource(await writeNpz(tensors)), { entries: 70_000 });
  expect(stored.size).toBe(65_600);
  expect((await (stored.get("65599") as StoredTensor).read()).data[0]).toBe(1);
});
