// `fanin materialize`: equal bytes for any split, interruption or resumption; errors that leave no files.
// One file: every case compares with the same weights, written once.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { watch } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { get, type Initializer, type StreamName } from "@fanin/core";
import { kerasWeights } from "@fanin/core/keras-model";
import { openModel, readTensorFile } from "@fanin/formats/node";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fanin, type Outcome } from "./run-fanin.ts";

/** Rows and columns for tensors that span several written chunks. */
const spec = {
  seed: 7,
  tensors: [
    { name: "embedding", shape: [1500, 700], initializer: "random_normal(stddev=0.02)" },
    { name: "half", shape: [700, 900], initializer: "he_normal", dtype: "bfloat16", stream: "keras/jax" },
    { name: "square", shape: [80, 80], initializer: "orthogonal(gain=2)" },
    { name: "numpy", shape: [300, 400], initializer: "glorot_uniform", stream: "keras/numpy" },
    { name: "torch", shape: [300, 401], initializer: "lecun_normal", stream: "keras/torch", dtype: "float64" },
    { name: "ones", shape: [999], initializer: { class_name: "Ones", config: {} }, dtype: "float16" },
    { name: "scalar", shape: [], initializer: "constant(value=3)" },
    { name: "none", shape: [0, 4], initializer: "zeros" },
    { name: "seeded", shape: [640, 1000], initializer: "truncated_normal(stddev=1)", seed: 12 },
    { name: "last", shape: [900, 900], initializer: "random_uniform(seed=4)" },
  ],
};
const SIZE = ["--shard-size", "4.3MB"];
const FILES = 4;
/** The files; a run is interrupted once within each. */
const ROUNDS = process.env["FANIN_LONG"] ? FILES : 2;

let folder = "";
let path = "";
const place = (...names: string[]): string => join(folder, ...names);

/** Returns the bytes of an array; empty if undefined. */
function bytesOf(array: ArrayBufferView | undefined): Buffer {
  return array ? Buffer.from(array.buffer, array.byteOffset, array.byteLength) : Buffer.alloc(0);
}

/** Lists the files of a folder with their hashes. */
async function contentOf(name: string): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const entry of await readdir(place(name), { withFileTypes: true })) {
    if (entry.isDirectory()) content[entry.name] = "a folder";
    else
      content[entry.name] = createHash("sha256")
        .update(await readFile(place(name, entry.name)))
        .digest("hex");
  }
  return content;
}

const materialize = (out: string, ...words: string[]): Promise<Outcome> =>
  fanin(["materialize", path, "--out", place(out), ...SIZE, ...words]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-materialize-"));
  path = place("spec.json");
  await writeFile(path, JSON.stringify(spec));
  expect((await materialize("whole", "--jobs", "1")).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true }));

interface Manifest {
  readonly totalSize: number;
  readonly parameters: number;
  readonly shards: readonly { readonly file: string; readonly bytes: number; readonly sha256: string }[];
  readonly tensors: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly dtype: "float32" | "float64" | "float16" | "bfloat16";
    readonly file: string;
    readonly initializer: object;
    readonly stream: StreamName;
  }[];
}
const readManifest = async (out: string): Promise<Manifest> =>
  JSON.parse(await readFile(place(out, "manifest.json"), "utf8")) as Manifest;

describe("the output", () => {
  it("has the values of @fanin/core, in consistent files, index and manifest", async () => {
    const manifest = await readManifest("whole");
    const index = JSON.parse(await readFile(place("whole", "model.safetensors.index.json"), "utf8")) as {
      metadata: { total_size: number };
      weight_map: Record<string, string>;
    };
    expect(manifest.shards.length).toBe(FILES);
    expect(manifest.tensors.map(({ name }) => name)).toEqual(spec.tensors.map(({ name }) => name));
    expect(Object.keys(index.weight_map)).toEqual(spec.tensors.map(({ name }) => name).sort());
    let bytes = 0;
    for (const { name, shape, dtype, file, initializer, stream } of manifest.tensors) {
      expect(index.weight_map[name]).toBe(file);
      const stored = (await readTensorFile(place("whole", file))).get(name);
      const expected = (get(initializer, { stream }) as Initializer)(shape, { dtype });
      expect([name, stored?.shape, stored?.dtype]).toEqual([name, shape, dtype]);
      expect(bytesOf(stored?.data).equals(bytesOf(expected.data))).toBe(true);
      bytes += expected.data.byteLength;
    }
    expect([index.metadata.total_size, manifest.totalSize]).toEqual([bytes, bytes]);
    const content = await contentOf("whole");
    for (const { file, sha256 } of manifest.shards) expect(content[file]).toBe(sha256);
    const rest = ["manifest.json", "model.safetensors.index.json"];
    expect(Object.keys(content).sort()).toEqual([...rest, ...manifest.shards.map(({ file }) => file)].sort());
    const file = await openModel(place("whole", manifest.shards[0]?.file ?? ""));
    expect(file.metadata.get("format")).toBe("pt");
    await file.close();
  });

  it("uses given seeds, and otherwise derives them", async () => {
    const { tensors } = await readManifest("whole");
    const seedOf = (name: string) => tensors.find((tensor) => tensor.name === name)?.initializer;
    expect(seedOf("seeded")).toMatchObject({ config: { stddev: 1, seed: 12 } });
    expect(seedOf("last")).toMatchObject({ config: { seed: 4 } });
    const word = createHash("sha256").update("7/embedding").digest().readUInt32BE(0) & 0x7fffffff;
    expect(seedOf("embedding")).toMatchObject({ class_name: "RandomNormal", config: { seed: word } });
    expect(seedOf("ones")).toEqual({ class_name: "Ones", config: {} });
  });

  it("does not depend on the number of jobs or machines, or on earlier output", async () => {
    const whole = await contentOf("whole");
    const two = await materialize("jobs-2", "--jobs", "2", "--json");
    expect([two.code, await contentOf("jobs-2")]).toEqual([0, whole]);
    expect(two.stderr).toMatch(/^\[1\/4\] model-\d+-of-00004\.safetensors: [\d.]+ MB, [\d.]+ GB\/s, ETA 0:\d\d\n/);
    expect((await materialize("jobs-5", "--jobs", "5", "--quiet")).stderr).toBe("");
    expect(await contentOf("jobs-5")).toEqual(whole);

    // Parts in one folder: the last one completes it.
    const first = await materialize("shared", "--shard", "1/2", "--json");
    expect(JSON.parse(first.stdout)).toMatchObject({ shard: "1/2", complete: false, files: { length: 2 } });
    expect(Object.keys(await contentOf("shared"))).not.toContain("manifest.json");
    const environment = { SLURM_ARRAY_TASK_ID: "4", SLURM_ARRAY_TASK_MIN: "3", SLURM_ARRAY_TASK_COUNT: "2" };
    const words = ["materialize", path, "--out", place("shared"), ...SIZE, "--shard", "auto", "--json"];
    const second = await fanin(words, { environment });
    expect(JSON.parse(second.stdout)).toMatchObject({ shard: null, complete: true });
    expect(await contentOf("shared")).toEqual(whole);

    // Run again: nothing remains to do, and a truncated or missing file is rewritten.
    const again = await materialize("shared", "--json");
    expect([again.stdout, again.stderr]).toEqual([second.stdout, "all files exist already\n"]);
    // The leftovers of a run that was killed after writing its manifest.
    await mkdir(place("shared", "parts", "1-of-1"), { recursive: true });
    await writeFile(place("shared", "parts", "1-of-1", "model-00001-of-00004.safetensors.tmp"), "begun");
    await writeFile(place("shared", "parts", "outline.json"), "{}");
    expect((await materialize("shared", "--quiet")).code).toBe(0);
    expect(await contentOf("shared")).toEqual(whole);
    await truncate(place("shared", "model-00002-of-00004.safetensors"), 1000);
    await rm(place("shared", "model-00004-of-00004.safetensors"));
    const repaired = await materialize("shared");
    expect(repaired.stderr).toContain("2 of 4 files exist already\n");
    expect(await contentOf("shared")).toEqual(whole);
  });
});

describe("an incomplete file", () => {
  it("is in the folder of its process, where the next run finds it", async () => {
    await mkdir(place("watched", "parts"), { recursive: true });
    const seen = new Set<string>();
    const watchers = [place("watched"), place("watched", "parts")].map((path) =>
      watch(path, (_, name) => {
        if (name !== null) seen.add(name);
      }),
    );
    expect((await materialize("watched")).code).toBe(0);
    const { shards } = await readManifest("watched");
    const files = shards.flatMap(({ file }) => [file, file.replace("safetensors", "json")]);
    const all = ["1-of-1", "manifest.json", "model.safetensors.index.json", "outline.json", "parts", ...files];
    await expect.poll(() => [...seen].sort()).toEqual(all.sort());
    for (const watcher of watchers) watcher.close();
  });
});

describe("fanin merge of weights", () => {
  const merge = (...words: string[]): Promise<Outcome> =>
    fanin(["merge", ...words.map((word) => (word.startsWith("-") ? word : place(word)))]);

  beforeAll(async () => {
    await Promise.all(["1/3", "2/3", "3/3"].map((shard) => materialize(`part-${shard[0]}`, "--shard", shard)));
  });

  it("gives the bytes of one machine, in any order, also within one of the parts", async () => {
    const merged = await merge("part-3", "part-1", "part-2", "part-1", "--json", "--out", "merged");
    expect([merged.code, await contentOf("merged")]).toEqual([0, await contentOf("whole")]);
    const schema = JSON.parse(
      await readFile(new URL("../schemas/materialize.json", import.meta.url), "utf8"),
    ) as object;
    expect(new Ajv2020({ strictTypes: false }).validate(schema, JSON.parse(merged.stdout))).toBe(true);
    await cp(place("part-2"), place("home"), { recursive: true });
    expect((await merge("home", "part-1", "part-3", "--out", "home")).code).toBe(0);
    expect(await contentOf("home")).toEqual(await contentOf("whole"));
  });

  it("reports missing, damaged, contradicting and foreign parts", async () => {
    const missing = await merge("part-1", "part-3", "--out", "never");
    expect(missing.stderr).toContain("1 of 4 files are missing: model-00002-of-00004.safetensors\n");
    await cp(place("part-2"), place("liar"), { recursive: true });
    const file = place("liar", "model-00002-of-00004.safetensors");
    const bytes = await readFile(file);
    bytes[5000] = (bytes[5000] ?? 0) ^ 1;
    await writeFile(file, bytes);
    const damaged = await merge("part-1", "liar", "part-3", "--out", "never");
    expect(damaged.stderr).toContain("is damaged: its bytes do not match the SHA-256");
    const record = place("liar", "parts", "model-00002-of-00004.json");
    await writeFile(
      record,
      (await readFile(record, "utf8")).replace(/"sha256":"./, (text) => `${text.slice(0, -1)}x`),
    );
    expect((await merge("part-1", "liar", "part-3", "--out", "never")).stderr).toContain(
      "model-00002-of-00004.json is damaged",
    );
    const other = createHash("sha256").update(bytes).digest("hex");
    await writeFile(
      record,
      JSON.stringify({ file: "model-00002-of-00004.safetensors", bytes: bytes.length, sha256: other }),
    );
    const contradicting = await merge("part-2", "liar", "part-1", "part-3", "--out", "never");
    expect(contradicting.stderr).toContain("contradict each other on model-00002-of-00004.safetensors");
    await writeFile(place("foreign.json"), JSON.stringify({ ...spec, seed: 8 }));
    await fanin(["materialize", place("foreign.json"), ...SIZE, "--shard", "2/3", "--out", place("foreign")]);
    const foreign = await merge("part-1", "foreign", "part-3", "--out", "never");
    expect(foreign.stderr).toContain("are not parts of one set of weights");
    expect([missing, damaged, contradicting, foreign].map(({ code }) => code)).toEqual([3, 3, 3, 3]);
    await expect(readdir(place("never"))).rejects.toThrow("ENOENT");
  });
});

describe("an interrupted run", () => {
  it.each([
    ["SIGKILL", "1"],
    ["SIGKILL", "2"],
    ["SIGINT", "2"],
    ["SIGTERM", "1"],
  ] as const)("repeatedly, by %s with --jobs %s, gives the same bytes", async (signal, jobs) => {
    const out = `${signal}-${jobs}`;
    const hasName = /^model-\d+-of-\d+\.safetensors$/;
    const names = async (): Promise<string[]> =>
      (await readdir(place(out)).catch(() => [])).filter((name) => hasName.test(name));
    const { shards } = await readManifest("whole");
    let stopped = 0;
    let isOver = false;
    for (let round = 0; round < ROUNDS && !isOver; round++) {
      const before = (await names()).length;
      const { code, stderr } = await fanin(["materialize", path, "--out", place(out), ...SIZE, "--jobs", jobs], {
        started: async (kill) => {
          // Once a file has been started, and in later rounds once one more is finished.
          const isBegun = async (): Promise<boolean> => {
            const parts = await readdir(place(out, "parts", "1-of-1")).catch(() => []);
            return parts.some((name) => name.endsWith(".safetensors.tmp"));
          };
          while (!isOver && !((await isBegun()) && (round === 0 || (await names()).length > before))) {
            await new Promise((done) => setTimeout(done, 1));
          }
          kill(signal);
        },
      }).finally(() => {
        isOver = round === ROUNDS - 1;
      });
      if (code === 0) break;
      stopped++;
      expect(code).toBe(signal === "SIGKILL" ? null : 130);
      if (signal !== "SIGKILL") {
        expect(stderr).toMatch(/fanin: interrupted; \d of 4 files are finished\. Run the same command again to resume/);
        await expect(readdir(place(out, "parts", "1-of-1"))).rejects.toThrow("ENOENT");
      }
      // A file with a final name is always complete.
      for (const name of await names()) {
        const hash = createHash("sha256")
          .update(await readFile(place(out, name)))
          .digest("hex");
        expect(hash).toBe(shards.find(({ file }) => file === name)?.sha256);
      }
    }
    expect(stopped).toBeGreaterThan(0);
    const finished = (await names()).length;
    const last = await materialize(out, "--jobs", jobs);
    expect(last.code).toBe(0);
    if (finished > 0 && finished < FILES) expect(last.stderr).toContain(`${finished} of 4 files exist already`);
    expect(await contentOf(out)).toEqual(await contentOf("whole"));
  });

  it("by a full disk reports it, exits with 4, keeps finished files, and resumes once there is space", async () => {
    // The system's limit of file size simulates the disk: 4 MiB, which the first file exceeds and the third does not.
    const bin = fileURLToPath(new URL("../bin/fanin.mjs", import.meta.url));
    const words = [bin, "materialize", path, "--out", place("full"), ...SIZE, "--jobs", "1"];
    const quoted = [process.execPath, ...words].map((word) => `'${word}'`).join(" ");
    const full = spawnSync("bash", ["-c", `trap '' XFSZ; ulimit -f 4000; ${quoted}`], { encoding: "utf8" });
    expect(full.stderr).toMatch(
      /no room for model-00001-of-00004\.safetensors \(EFBIG\); finished shards are kept: make room/,
    );
    expect(full.status).toBe(4);
    await expect(readdir(place("full"))).rejects.toThrow("ENOENT");
    expect((await materialize("full")).code).toBe(0);
    expect(await contentOf("full")).toEqual(await contentOf("whole"));
  });
});

describe("other specifications", () => {
  it("a Keras model gives the file of fanin model", async () => {
    const layer = (className: string, config: object) => ({ class_name: className, config });
    const layers = [
      layer("InputLayer", { name: "input", batch_shape: [null, 9, 40] }),
      layer("LSTM", { name: "lstm", units: 50 }),
      layer("Dense", { name: "dense", units: 600, kernel_initializer: "he_normal" }),
      layer("Dense", { name: "half", units: 10, dtype: "float16" }),
    ];
    const json = JSON.stringify(layer("Sequential", { name: "m", layers }));
    await writeFile(place("model.json"), json);
    for (const stream of ["keras/tensorflow", "keras/torch"] as const) {
      const words = [place("model.json"), "--seed", "5", "--stream", stream];
      const out = place(`keras-${stream.slice(6)}`);
      await fanin(["model", ...words, "--out", `${out}.safetensors`]);
      const { code } = await fanin(["materialize", ...words, "--out", out, "--jobs", "2"]);
      expect(code).toBe(0);
      const whole = await readFile(join(out, "model-00001-of-00001.safetensors"));
      expect(whole.equals(await readFile(`${out}.safetensors`))).toBe(true);
      // Split into files, and named by a specification: each weight equals that of kerasWeights.
      await writeFile(place("keras-spec.json"), JSON.stringify({ keras: "model.json", seed: 5, stream }));
      await fanin(["materialize", place("keras-spec.json"), "--out", `${out}-cut`, "--shard-size", "150kB"]);
      const files = (await readdir(`${out}-cut`)).filter((name) => name.startsWith("model-"));
      expect(files.length).toBeGreaterThan(1);
      const read = new Map<string, ArrayBufferView>();
      for (const file of files) {
        for (const [name, { data }] of await readTensorFile(join(`${out}-cut`, file))) read.set(name, data);
      }
      for (const { name, data } of kerasWeights(json, { seed: 5, stream })) {
        expect([name, bytesOf(read.get(name)).equals(bytesOf(data))]).toEqual([name, true]);
      }
    }
  });

  it("is refused with its path and a suggestion, and nothing is written", async () => {
    const { tensors } = spec;
    const bad = async (value: unknown, ...words: string[]): Promise<readonly [number | null, string]> => {
      await writeFile(place("bad.json"), typeof value === "string" ? value : JSON.stringify(value));
      const { code, stderr } = await fanin(["materialize", place("bad.json"), "--out", place("refused"), ...words]);
      return [code, stderr];
    };
    expect(await bad({ tensrs: tensors })).toEqual([3, expect.stringContaining('did you mean "tensors"?')]);
    const misspelt = [...tensors.slice(0, 3), { ...tensors[3], initializer: "glorot_unifrm" }];
    expect(await bad({ tensors: misspelt })).toEqual([
      3,
      expect.stringMatching(/bad\.json: tensors\[3\]\.initializer: .*did you mean "glorot_uniform"\?/),
    ]);
    expect(await bad("{")).toEqual([3, expect.stringContaining("expected JSON")]);
    expect(await bad(spec, "--shard-size", "1MB")).toEqual([
      2,
      expect.stringContaining(
        'tensor "embedding" takes 4.2 MB, more than a shard of 1 MB; --shard-size 5MB holds every',
      ),
    ]);
    expect(await bad(spec, "--whole-limit", "900kB")).toEqual([
      2,
      expect.stringMatching(
        /tensor "torch" takes 962 kB, and LecunNormal on keras\/torch cannot fill it in slices.*--whole-limit 963kB/,
      ),
    ]);
    expect(await bad(spec, "--seed", "3")).toEqual([
      2,
      expect.stringContaining("--seed: the specification says 7, got 3"),
    ]);
    expect(await bad(spec, "--shard-size", "2XB")).toEqual([2, expect.stringContaining("expected a size such as 2GB")]);
    const vast = {
      tensors: [0, 1, 2].map((i) => ({ name: `t${i}`, shape: [2 ** 25, 2 ** 25], initializer: "zeros" })),
    };
    expect(await bad(vast, "--shard-size", "5000TB")).toEqual([
      4,
      expect.stringMatching(/13\.5 PB are needed, and .* are free/),
    ]);
    await expect(readdir(place("refused"))).rejects.toThrow("ENOENT");
    // Foreign files stay unchanged.
    await mkdir(place("taken"));
    await writeFile(place("taken", "model.safetensors.index.json"), "mine");
    const taken = await materialize("taken");
    expect([taken.code, taken.stderr]).toEqual([
      2,
      expect.stringContaining("already exists and is not from this command"),
    ]);
    expect(await readFile(place("taken", "model.safetensors.index.json"), "utf8")).toBe("mine");
    const other = await fanin(["materialize", path, "--out", place("whole"), "--shard-size", "9MB"]);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("holds other weights")]);
  });

  it("has a schema that accepts and rejects the same specifications", async () => {
    const text = await readFile(new URL("../schemas/materialize-spec.json", import.meta.url), "utf8");
    const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
    const validate = ajv.compile(JSON.parse(text) as object);
    const config = { model_type: "gpt2", n_embd: 8 };
    const taken = [
      spec,
      { keras: "model.json" },
      { transformer: { config } },
      { ...spec, seed: "99999999999999999999" },
    ];
    for (const value of taken) expect([value, validate(value)]).toEqual([value, true]);
    const entry = spec.tensors[0];
    for (const value of [
      {},
      { ...spec, tensrs: [] },
      { ...spec, keras: "model.json" },
      { tensors: [] },
      { tensors: [{ ...entry, dtype: "int8" }] },
      { tensors: [{ ...entry, shape: [-1] }] },
      { tensors: [{ name: "a", shape: [1] }] },
      { keras: "model.json", dtype: "float16" },
      { transformer: { config: { model_type: "bert" } } },
    ]) {
      expect([value, validate(value)]).toEqual([value, false]);
    }
  });
});

it("writes 256 MB in bounded memory", async () => {
  const config = { model_type: "gpt2", n_embd: 1024, n_layer: 5, n_head: 16, vocab_size: 1000, n_positions: 100 };
  await writeFile(place("config.json"), JSON.stringify(config));
  const bin = fileURLToPath(new URL("../bin/fanin.mjs", import.meta.url));
  const main = new URL("../dist/main.js", import.meta.url).href;
  expect(bin).toContain("fanin.mjs");
  const words = ["materialize", place("config.json"), "--out", place("large"), "--jobs", "2", "--quiet"];
  const program = `const { main } = await import(${JSON.stringify(main)}); process.exitCode = await main(${JSON.stringify(words)}); console.error(process.resourceUsage().maxRSS);`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  expect(status).toBe(0);
  const { totalSize } = await readManifest("large");
  expect(totalSize).toBeGreaterThan(256e6);
  expect(Number(stderr) * 1024).toBeLessThan(240e6);
});
