// `fanin merge`: merges the parts of a comparison, a sweep or weights from several machines.

import { resolve } from "node:path";
import type { Command, Invocation } from "../command.ts";
import { type ExitCode, usageError } from "../exit-codes.ts";
import { mergeComparisons } from "./compare/merge-comparisons.ts";
import { isOfWeights, mergeWeightFolders } from "./materialize/merge-folders.ts";
import { areSweeps, mergeSweeps } from "./sweep/merge-sweeps.ts";

export const mergeCommand: Command = {
  summary: "Merge the parts of a comparison, a sweep or weights into the files that one machine would write.",
  usage: "<DIR...> --out DIR",
  examples: [
    "fanin compare --seeds 20 --shard 1/2 --out part-1",
    "fanin compare --seeds 20 --shard 2/2 --out part-2",
    "fanin merge part-1 part-2 --out whole",
    "fanin merge sweep-shard-* --out sweep",
    "fanin merge weights-1 weights-2 --out weights      # of fanin materialize --shard",
  ],
  positionals: ["DIR..."],
  options: { out: { value: "DIR", help: "output folder (required)" } },
  run,
};

async function run(invocation: Invocation): Promise<ExitCode> {
  const out = invocation.option("out");
  if (out === undefined) throw usageError("--out: expected DIR, got nothing");
  const paths = invocation.positionals.map((path) => resolve(path));
  if (await isOfWeights(invocation.positionals)) return mergeWeightFolders(invocation.positionals, out, invocation);
  if (await areSweeps(paths)) return mergeSweeps(paths, resolve(out), invocation);
  return mergeComparisons(paths, resolve(out), invocation);
}
