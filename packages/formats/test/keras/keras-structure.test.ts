// Names where the config does not give them: classes of the code, older versions of Keras, shards, tensors of a bare .weights.h5.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { addDataset, groupAt, type Hdf5Group, hdf5Group, hdf5Output } from "../../src/hdf5/hdf5-writer.ts";
import { bytesSource, formatOfName, type Model, type NamedTensor, openModel } from "../../src/index.ts";
import { openModel as openPath } from "../../src/node/index.ts";
import { collect } from "../../src/streamed-values.ts";
import { zipChunks } from "../../src/zip-writer.ts";

const tensor = (name: string, value: number): NamedTensor => ({
  name,
  shape: [2],
  dtype: "float32",
  data: Float32Array.of(value, -value),
});

/** An HDF5 file of the given paths; names of layers by the path of their group. */
async function h5Of(paths: readonly string[], names: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
  const root: Hdf5Group = hdf5Group();
  for (const [i, path] of paths.entries()) addDataset(root, path, tensor(path, i + 1));
  for (const [path, name] of Object.entries(names)) groupAt(root, `${path}/vars`).attributes.set("name", name);
  return collect(hdf5Output(root).chunks());
}

async function kerasOf(config: unknown, weights: Uint8Array): Promise<Model> {
  const items = { "config.json": new TextEncoder().encode(JSON.stringify(config)), "model.weights.h5": weights };
  const entries = Object.entries(items).map(([name, bytes]) => ({
    name,
    size: bytes.length,
    async *chunks() {
      yield bytes;
    },
  }));
  return openModel(bytesSource(await collect(zipChunks(entries, false))), {});
}

const layer = (className: string, name: string, config = {}) => ({
  class_name: className,
  config: { name, ...config },
});
const model = (className: string, name: string, ...layers: unknown[]) => layer(className, name, { layers });

describe("names of variables", () => {
  it.each([
    [
      "of a class of the code are numbered below its name, and listed",
      model("Sequential", "seq", layer("MyBlock", "block"), layer("Dense", "last", { use_bias: false })),
      [
        "layers/my_block/vars/0",
        "layers/my_block/inner/vars/0",
        "layers/my_block/parts/dense/vars/1",
        "layers/dense/vars/0",
      ],
      { "layers/my_block": "block", "layers/my_block/inner": "first", "layers/my_block/parts/dense": "part" },
      ["seq/last/kernel", "seq/block/first/vars/0", "seq/block/part/vars/1", "seq/block/vars/0"],
    ],
    [
      "of a model of the code come from the file",
      layer("MyModel", "mine"),
      ["encoder/dense/vars/0", "vars/0"],
      { "encoder/dense": "a" },
      ["mine/a/vars/0", "mine/vars/0"],
    ],
    [
      "of a layer that has other variables than its class are numbered",
      model("Functional", "f", layer("Dense", "d")),
      ["layers/dense/vars/0", "layers/dense/vars/1", "layers/dense/vars/2"],
      {},
      ["d/vars/0", "d/vars/1", "d/vars/2"],
    ],
    [
      "of Keras 2.13, whose groups have other names",
      model("Functional", "f", layer("MultiHeadAttention", "m", { use_bias: false }), layer("Dense", "d")),
      [
        "_layer_checkpoint_dependencies/dense/vars/0",
        "_layer_checkpoint_dependencies/dense/vars/1",
        "_layer_checkpoint_dependencies/multi_head_attention/_query_dense/vars/0",
        "_layer_checkpoint_dependencies/multi_head_attention/_key_dense/vars/0",
        "_layer_checkpoint_dependencies/multi_head_attention/_value_dense/vars/0",
        "_layer_checkpoint_dependencies/multi_head_attention/_output_dense/vars/0",
      ],
      {},
      ["m/query/kernel", "m/key/kernel", "m/value/kernel", "m/attention_output/kernel", "d/kernel", "d/bias"],
    ],
    [
      "that two models share are told apart by their paths",
      model(
        "Functional",
        "f",
        model("Functional", "a", layer("PReLU", "p")),
        model("Functional", "b", layer("PReLU", "p")),
      ),
      ["layers/functional/layers/p_re_lu/vars/0", "layers/functional_1/layers/p_re_lu/vars/0"],
      {},
      ["p/alpha", "layers/functional_1/layers/p_re_lu/alpha"],
    ],
    [
      "without a name are counted",
      model("Functional", "f", layer("LayerScale", "a"), layer("LayerScale", "b")),
      ["layers/layer_scale/vars/0", "layers/layer_scale_1/vars/0"],
      {},
      ["a/variable", "b/variable_1"],
    ],
    [
      "of steps that are no layers take no place",
      model("Functional", "f", { ...layer("Dense", "op"), module: "keras.src.ops.numpy" }, layer("PReLU", "p")),
      ["layers/p_re_lu/vars/0"],
      {},
      ["p/alpha"],
    ],
  ])("%s", async (_, config, paths, names, expected) => {
    const file = await kerasOf(config, await h5Of(paths, names));
    expect([...file.tensors.keys()]).toEqual(expected);
    const numbered = expected.filter((name) => name.includes("vars/"));
    expect(JSON.parse(file.metadata.get("numbered_variables") ?? "[]")).toHaveLength(numbered.length);
    await file.close?.();
  });

  it("in a bare .weights.h5 are paths, which are written back as they are", async () => {
    const paths = ["layers/dense/vars/0", "layers/dense/vars/1", "layers/dense/vars/10", "layers/dense/vars/2"];
    const file = await openModel(bytesSource(await h5Of(paths)), {});
    expect([...file.tensors.keys()]).toEqual([paths[0], paths[1], paths[3], paths[2]]);
    expect(file.layout).toBe("keras");
    const [output] = formatOfName("w.weights.h5").files("w.weights.h5", [...file.tensors.values()], {});
    const again = await openModel(
      bytesSource(await collect((output as { chunks(): AsyncIterable<Uint8Array> }).chunks())),
      {},
    );
    expect([...again.tensors.keys()]).toEqual([...file.tensors.keys()]);
  });
});

describe("sharded weights", () => {
  const folder = new URL("../goldens/keras/", import.meta.url);

  it("are read as one, by the index beside the shards", async () => {
    const file = await openPath(new URL("shards/dense.weights.json", folder).pathname);
    const whole = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8")).dense as { shape: number[] }[];
    expect(file).toMatchObject({ format: "h5", layout: "keras" });
    expect([...file.tensors.keys()].sort()).toEqual([
      "layers/dense/vars/0",
      "layers/dense/vars/1",
      "layers/dense_1/vars/0",
    ]);
    expect([...file.tensors.values()].map(({ shape }) => shape)).toEqual(whole.map(({ shape }) => shape));
    expect((await file.tensors.get("layers/dense_1/vars/0")?.read())?.data.length).toBe(8);
    await file.close();
  });
});

describe("the writers", () => {
  const architecture = JSON.stringify(model("Sequential", "s", layer("Dense", "d")));
  const write =
    (path: string, tensors: readonly NamedTensor[], options = {}) =>
    () =>
      formatOfName(path).files(path, tensors, options);

  it.each([
    [
      "a .keras file without an architecture",
      "a.keras",
      ["s/d/kernel"],
      {},
      /^architecture: expected the JSON text .* got none; pass model\.to_json/,
    ],
    ["an architecture that is cut", "a.keras", ["s/d/kernel"], { architecture: "{" }, /E_JSON_SYNTAX/],
    ["an architecture that is none", "a.keras", ["s/d/kernel"], { architecture: "[]" }, /E_KERAS_CONFIG/],
    ["a variable without a tensor", "a.weights.h5", ["s/d/kernel"], { architecture }, /got none named "s\/d\/bias"/],
    [
      "a tensor without a variable",
      "a.keras",
      ["s/d/kernel", "s/d/bias", "other"],
      { architecture },
      /got also "other"/,
    ],
    [
      "metadata that .keras cannot store",
      "a.keras",
      ["s/d/kernel", "s/d/bias"],
      { architecture, metadata: { a: "b" } },
      /metadata: expected none/,
    ],
    ["a name that is no path", "a.weights.h5", ["a//b"], {}, /expected a name of parts joined by "\/"/],
    ["a tensor within a tensor", "a.weights.h5", ["a", "a/b"], {}, /expected a group at "a", got a tensor/],
    ["a tensor in place of a group", "a.weights.h5", ["a/b", "a"], {}, /expected one tensor at "a", got two/],
  ])("refuse %s", (_, path, names, options, message) => {
    expect(
      write(
        path,
        names.map((name) => tensor(name, 1)),
        options,
      ),
    ).toThrow(message);
  });

  it("refuse complex numbers, which Keras does not store", () => {
    const complex: NamedTensor = { name: "c", shape: [1], dtype: "complex64", data: new Float32Array(2) };
    expect(write("a.h5", [complex])).toThrow(/HDF5 stores .*, got complex64/);
  });

  it("take the tensors of a bare .weights.h5 by their paths", async () => {
    const paths = ["layers/dense/vars/0", "layers/dense/vars/1"];
    const [output] = write("a.keras", paths.map(tensor), { architecture })();
    const file = await openModel(
      bytesSource(await collect((output as { chunks(): AsyncIterable<Uint8Array> }).chunks())),
      {},
    );
    expect([...file.tensors.keys()]).toEqual(["s/d/kernel", "s/d/bias"]);
    expect(file.architecture).toBe(architecture);
  });

  it("divide long lists of names among several attributes, as Keras does", async () => {
    const many = Array.from({ length: 501 }, (_, i) => tensor(`l${i}/kernel`, i));
    const [output] = write("a.h5", many)();
    const file = await openModel(
      bytesSource(await collect((output as { chunks(): AsyncIterable<Uint8Array> }).chunks())),
      {},
    );
    expect([...file.tensors.keys()]).toEqual(many.map(({ name }) => name));
    expect((await file.tensors.get("l500/kernel")?.read())?.data).toEqual(Float32Array.of(500, -500));
  });
});
