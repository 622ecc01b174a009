// tfjs-core's own suite on the backend `fanin`: every spec, no filter. Five are disabled by upstream itself (xit).

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { missingNewerNode, newerNode } from "../../../../scripts/newer-node.mjs";

const TEN_MINUTES = 600_000;
const everything = { passed: 4225, failed: 0, pending: 5, excluded: 0, total: 4230, failures: [] };

/** What the suite says under the Node at `path`. */
async function conformance(path: string, ...words: string[]): Promise<unknown> {
  const script = join(import.meta.dirname, "conformance.mjs");
  // The script's exit code says no more than its output.
  const { stdout } = await promisify(execFile)(path, [script, ...words], { maxBuffer: 2 ** 26 }).catch(
    (error) => error,
  );
  return JSON.parse(stdout);
}

it(
  "passes all 4,225 specs of tfjs-core 4.22",
  async () =>
    expect(await conformance(process.execPath, "--deterministic")).toEqual({ binary: "deterministic", ...everything }),
  TEN_MINUTES,
);

const node = newerNode();
describe.skipIf(node === undefined)(`on a newer Node${node ? "" : missingNewerNode}`, () => {
  it(
    "passes them all with fused multiply-adds",
    async () => expect(await conformance(node ?? "")).toEqual({ binary: "relaxed", ...everything }),
    TEN_MINUTES,
  );
});
