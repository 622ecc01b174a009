// Shard writers without threads: they share memory and alternate at their pauses.

import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LaneTask, runLane } from "./lane.ts";
import { controlMemory, LaneControl, stops } from "./lane-control.ts";
import { readWeightsSpec } from "./read-spec.ts";
import { layoutOf, planShards } from "./shard-layout.ts";

const plan = readWeightsSpec(
  JSON.stringify({
    tensors: ["a", "b", "c"].map((name) => ({ name, shape: [2 ** 20, 3], initializer: "random_uniform" })),
  }),
);
const shards = planShards(plan, 26e6);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-lane-"));
});
afterAll(() => rm(folder, { recursive: true }));

function taskIn(name: string): LaneTask {
  const place = (file: string) => join(folder, `${name}-${file}`);
  return {
    plan,
    control: controlMemory(shards.map((shard) => layoutOf(plan, shard).segments.length)),
    shards: shards.map((shard) => ({
      shard,
      temporary: place(`${shard.file}.tmp`),
      path: place(shard.file),
      record: place(`${shard.file}.json`),
    })),
  };
}

const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("lanes", () => {
  it("write the same files with correct hashes for any number of writers", async () => {
    const hashes = new Set<string>();
    for (const count of [1, 2, 5]) {
      const task = taskIn(`lanes-${count}`);
      const control = new LaneControl(task.control);
      expect(await Promise.all(Array.from({ length: count }, () => runLane(task)))).toEqual(
        Array.from({ length: count }, () => null),
      );
      const parts = await Promise.all(task.shards.map(({ path }) => readFile(path)));
      for (const [i, { record, shard }] of task.shards.entries()) {
        const text = JSON.parse(await readFile(record, "utf8")) as object;
        expect(text).toEqual({ file: shard.file, bytes: shard.bytes, sha256: hash(parts[i] as Buffer) });
        expect(control.isFinished(i)).toBe(true);
      }
      expect(control.written).toBe(shards.reduce((sum, { bytes }) => sum + bytes, 0));
      hashes.add(hash(Buffer.concat(parts)));
    }
    expect(hashes.size).toBe(1);
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("stop between two segments and leave no unfinished file", async () => {
    const task = taskIn("stopped");
    const control = new LaneControl(task.control);
    const lanes = Promise.all([runLane(task), runLane(task)]);
    while (control.written < 10e6) await new Promise((done) => setImmediate(done));
    control.stopAll(stops.interrupted);
    expect(await lanes).toEqual([null, null]);
    expect(control.stop).toBe(stops.interrupted);
    expect(control.written).toBeLessThan(shards.reduce((sum, { bytes }) => sum + bytes, 0));
    expect((await readdir(folder)).filter((name) => name.startsWith("stopped-"))).toEqual([]);
  });

  it("stop at the first failure, report its code and stop the others", async () => {
    const task = taskIn("failed");
    const taken = task.shards[1]?.temporary ?? "";
    await writeFile(taken, "somebody else's");
    const outcomes = await Promise.all([runLane(task), runLane(task)]);
    expect(outcomes.filter((outcome) => outcome !== null)).toMatchObject([{ code: "EEXIST", file: shards[1]?.file }]);
    expect(new LaneControl(task.control).stop).toBe(stops.failed);
    expect(await readFile(taken, "utf8")).toBe("somebody else's");
    expect((await readdir(folder)).filter((name) => name.startsWith("failed-"))).toEqual([
      `failed-${shards[1]?.file}.tmp`,
    ]);
  });
});
