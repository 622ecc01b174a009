// Prints complete weights, for fanin materialize and fanin merge: a table, or a JSON object.

import { relative } from "node:path";
import { formatBytes, type WeightsManifest } from "@fanin/models";
import type { Invocation } from "../../command.ts";
import { table } from "../../terminal/table.ts";

const SHOWN_FILES = 20;

/** Formats a folder for messages. */
export function shownFolder(path: string): string {
  return relative(process.cwd(), path) || ".";
}

/** Prints the content of a complete folder. */
export function printWeights({ isSet, stdout }: Invocation, out: string, manifest: WeightsManifest): void {
  const { version, plan, seed, totalSize, parameters, shards } = manifest;
  if (isSet("json")) {
    const shard = null;
    const result = { version, plan, seed, out, shard, complete: true, totalSize, parameters, files: shards };
    stdout.write(`${JSON.stringify({ schemaVersion: 1, ...result })}\n`);
    return;
  }
  const rows = shards.slice(0, SHOWN_FILES).map(({ file, bytes, sha256 }) => [file, formatBytes(bytes), sha256]);
  stdout.write(table(["file", " size", "sha256"], rows));
  if (shards.length > SHOWN_FILES) stdout.write(`... and ${shards.length - SHOWN_FILES} more, in manifest.json\n`);
  stdout.write(`${parameters} parameters, ${formatBytes(totalSize)}  seed ${seed}  in ${shownFolder(out)}\n`);
}
