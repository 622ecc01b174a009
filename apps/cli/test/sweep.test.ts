// `fanin sweep` from the command line, without a queue: specs, runs by address, parts and their merge, a full disk.

import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type SweepResult, specFields } from "@fanin/sweep";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fanin } from "./run-fanin.ts";
import { writeTinyDataset } from "./tiny-dataset.ts";

const spec = {
  data: "tiny",
  initializers: ["he_normal", "glorot_normal", "zeros"],
  depths: [1, 3],
  widths: [4],
  learningRates: [0.01, 0.1],
  optimizers: ["sgd"],
  activations: ["tanh"],
  seeds: 2,
  epochs: 1,
  batch: 16,
};

let folder = "";
const at = (...path: string[]): string => join(folder, ...path);
const sweep = (...words: string[]) => fanin(["sweep", ...words], { cwd: folder });
const read = (...path: string[]): Promise<string> => readFile(at(...path), "utf8");

/** Lists the files of a sweep, except the one that identifies its part. */
async function contents(name: string): Promise<Record<string, string>> {
  const files = (await readdir(at(name), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "utf8")));
  return Object.fromEntries(files.map((file, i) => [file.name, texts[i] ?? ""]));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-sweep-"));
  await writeTinyDataset(at("tiny"), 80);
  await writeFile(at("spec.json"), JSON.stringify(spec));
  const whole = await sweep("spec.json", "--out", "whole", "--json");
  expect(whole.code).toBe(0);
  await writeFile(at("whole-stdout.json"), whole.stdout);
});
afterAll(() => rm(folder, { recursive: true }));

describe("fanin sweep", () => {
  it("gives every run of the grid once, in a file named by its address, and the statistics of compare", async () => {
    const text = await read("whole-stdout.json");
    expect(text).toBe(await read("whole", "result.json"));
    const result = JSON.parse(text) as SweepResult;
    expect(result.runs.length).toBe(3 * 2 * 2 * 2);
    expect(new Set(result.runs.map(({ id }) => id)).size).toBe(result.runs.length);
    expect((await readdir(at("whole", "runs"))).sort()).toEqual(result.runs.map(({ id }) => `${id}.json`).sort());
    expect(result.cells.map(({ depth, learningRate }) => [depth, learningRate])).toEqual([
      [1, 0.01],
      [1, 0.1],
      [3, 0.01],
      [3, 0.1],
    ]);
    for (const { summary, comparisons } of result.cells) {
      expect(summary.map(({ initializer }) => initializer)).toEqual(spec.initializers);
      expect(comparisons.length).toBe(2 * 2);
    }
    expect(await readdir(at("whole", "checkpoints"))).toEqual([]);
  });

  it("computes the bits that compare computes", async () => {
    const words = [
      "--layers",
      "16,4,10",
      "--activation",
      "tanh",
      "--optimizer",
      "sgd",
      "--lr",
      "0.01",
      "--batch",
      "16",
    ];
    const { stdout } = await fanin(
      [
        "compare",
        ...words,
        "--data",
        at("tiny"),
        "--init",
        "he_normal,zeros",
        "--seeds",
        "2",
        "--epochs",
        "1",
        "--json",
      ],
      { cwd: folder },
    );
    const compared = (JSON.parse(stdout) as { runs: { seed: number; initializer: string; sha256: string }[] }).runs;
    const result = JSON.parse(await read("whole", "result.json")) as SweepResult;
    expect(compared.length).toBe(4);
    for (const run of compared) {
      const own = result.runs.find(
        ({ cell, seed, initializer }) => cell === 0 && seed === run.seed && initializer === run.initializer,
      );
      expect(own?.sha256).toBe(run.sha256);
    }
  });

  it("gives the same bytes from YAML, with another number of jobs", async () => {
    const yaml = Object.entries(spec).map(([key, value]) => `${key}: ${JSON.stringify(value)} # as in JSON`);
    await writeFile(at("spec.yaml"), yaml.join("\n"));
    expect((await sweep("spec.yaml", "--out", "yaml", "--jobs", "1", "--quiet")).code).toBe(0);
    expect(await contents("yaml")).toEqual(await contents("whole"));
  });

  it("computes only missing runs when run again", async () => {
    await cp(at("whole"), at("again"), { recursive: true });
    const runs = await readdir(at("again", "runs"));
    for (const name of runs.slice(0, 3)) await rm(at("again", "runs", name));
    const { code, stderr } = await sweep("spec.json", "--out", "again");
    expect(code).toBe(0);
    expect(stderr.match(/^\[\d+\/24\]/gm)).toEqual(["[22/24]", "[23/24]", "[24/24]"]);
    expect(await contents("again")).toEqual(await contents("whole"));
    expect((await sweep("spec.json", "--out", "again")).stderr).toBe("");
  });

  it("refuses a folder that holds another sweep", async () => {
    await writeFile(at("other.json"), JSON.stringify({ ...spec, epochs: 2 }));
    const { code, stderr } = await sweep("other.json", "--out", "whole");
    expect([code, stderr]).toEqual([2, `fanin: --out: ${at("whole")} contains another sweep; choose another folder\n`]);
  });

  it("writes a report with maps, curves and the table", async () => {
    const html = await read("whole", "report.html");
    for (const heading of ["What trains", "Over the axes of the grid", "Results", "Configuration", "Reproduce"]) {
      expect(html).toContain(`<h2>${heading}</h2>`);
    }
    expect(html.match(/aria-label="Map of test accuracy/g)?.length).toBe(3);
    expect(html).not.toContain(folder);
  });
});

describe("the parts of a sweep", () => {
  const environments = [
    { SLURM_ARRAY_TASK_ID: "0", SLURM_ARRAY_TASK_MIN: "0", SLURM_ARRAY_TASK_COUNT: "2" },
    { JOB_COMPLETION_INDEX: "1", JOB_COMPLETIONS: "2" },
  ];

  it("are selected by variables of SLURM and Kubernetes, and merge to the bytes of the whole", async () => {
    for (const [i, environment] of environments.entries()) {
      const words = ["sweep", "spec.json", "--shard", "auto", "--out", `part-${i}`, "--quiet"];
      const { code, stdout } = await fanin(words, { cwd: folder, environment });
      expect([code, stdout.split("\n")[0]]).toEqual([0, `shard ${i + 1}/2: 12 runs in part-${i}`]);
    }
    const merged = await fanin(["merge", "part-0", "part-1", "--out", "merged", "--quiet"], { cwd: folder });
    expect(merged.code).toBe(0);
    expect(await contents("merged")).toEqual(await contents("whole"));
  });

  it("are refused if one is missing, contradicting or foreign", async () => {
    const merge = (...words: string[]) => fanin(["merge", ...words], { cwd: folder });
    const lone = await merge("part-0", "--out", "lone");
    expect(lone.code).toBe(3);
    expect(lone.stderr).toMatch(/^fanin: merge: 12 of 24 runs are missing: .*, seed 1; .*and 7 more\n$/);
    await cp(at("part-0"), at("bent"), { recursive: true });
    const [name = ""] = await readdir(at("bent", "runs"));
    const bent = (await read("bent", "runs", name)).replace(/"testAccuracy":[\d.]+/, '"testAccuracy":0.5001');
    await writeFile(at("bent", "runs", name), bent);
    const contradicting = await merge("part-0", "bent", "part-1", "--out", "contradicting");
    expect(contradicting.code).toBe(3);
    expect(contradicting.stderr).toContain(`contradict each other on `);
    expect(contradicting.stderr).toContain(basename(name, ".json"));
    const { code, stderr } = await merge("part-0", "tiny", "--out", "odd");
    expect([code, stderr]).toEqual([
      3,
      `fanin: merge: ${at("tiny")} is not a part of a sweep; the other folders are\n`,
    ]);
    await writeFile(at("batch.json"), JSON.stringify({ ...spec, batch: 8 }));
    await sweep("batch.json", "--shard", "1/2", "--out", "batch", "--quiet");
    const mixed = await merge("part-1", "batch", "--out", "mixed");
    expect(mixed.code).toBe(3);
    expect(mixed.stderr).toMatch(/are not parts of one sweep: different specs, in batch\n$/);
  });
});

describe("an invalid spec", () => {
  it("is refused with its file and the place in it, and nothing is written", async () => {
    await writeFile(at("wrong.yaml"), "initializers: [zeros]\nactivations: [tanh, rleu]");
    const { code, stderr, stdout } = await sweep("wrong.yaml", "--out", "never");
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(/^fanin: wrong\.yaml: activations\[1\]: expected one of elu, .*did you mean "relu"\?\n$/);
    expect(await readdir(folder)).not.toContain("never");
  });

  it("is an I/O error if it is missing, and a usage error for wrong options", async () => {
    expect((await sweep("none.yaml")).code).toBe(4);
    const folderGiven = await sweep(".", "--out", "never");
    expect([folderGiven.code, folderGiven.stderr]).toEqual([
      2,
      "fanin: SPEC: expected a plain file, got the folder .\n",
    ]);
    expect((await sweep("spec.json", "--shard", "1/2", "--queue", "redis://127.0.0.1:1")).code).toBe(2);
    expect((await sweep("spec.json", "--queue", "http://127.0.0.1:1")).code).toBe(2);
  });

  it("is refused by the published schema, too, which has the same fields", async () => {
    const text = await readFile(new URL("../schemas/sweep-spec.json", import.meta.url), "utf8");
    const schema = JSON.parse(text) as { properties: object };
    expect(Object.keys(schema.properties)).toEqual([...specFields]);
    const validate = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);
    expect(validate(spec)).toBe(true);
    const { spec: full } = JSON.parse(await read("whole", "result.json")) as SweepResult;
    expect(validate(full)).toBe(true);
    for (const wrong of [{ learningrates: [1] }, { depths: [2.5] }, { activations: ["rleu"] }, { widths: [8, 8] }]) {
      expect(validate({ ...spec, ...wrong })).toBe(false);
    }
  });
});

describe("a full disk", () => {
  it("ends the sweep with a clear error, and leaves no incomplete file under a final name", async () => {
    // The file of the fifth run fails with the error of a full disk, from /dev/full.
    await writeFile(
      at("full.mjs"),
      `import { open } from "node:fs/promises";
import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
if (isMainThread) {
  const any = await open(process.execPath);
  const handle = Object.getPrototypeOf(any);
  await any.close();
  const write = handle.write;
  let runs = 0;
  handle.write = async function (data, ...rest) {
    if (Buffer.from(data).includes('"result"') && ++runs >= 5) {
      await write.call(this, data, 0, 100);
      writeFileSync("/dev/full", data);
    }
    return write.call(this, data, ...rest);
  };
}
`,
    );
    const words = ["sweep", "spec.json", "--out", "full", "--jobs", "2", "--quiet"];
    const { code, stderr } = await fanin(words, {
      cwd: folder,
      environment: { NODE_OPTIONS: `--import ${at("full.mjs")}` },
    });
    expect(code).toBe(4);
    expect(stderr).toMatch(/^fanin: ENOSPC: no space left on device/);
    const left = await readdir(at("full", "runs"));
    expect(left.length).toBe(4);
    for (const name of left) expect(await read("full", "runs", name)).toBe(await read("whole", "runs", name));
    expect(await readdir(at("full"))).not.toContain("result.json");
    expect((await sweep("spec.json", "--out", "full", "--quiet")).code).toBe(0);
    expect(await contents("full")).toEqual(await contents("whole"));
  });
});
