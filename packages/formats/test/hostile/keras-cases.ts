// .keras archives, and HDF5 files of Keras, that must be refused or skipped in part. goldens/hdf5 has those that h5py writes.

import { readFileSync } from "node:fs";
import { bytesSource, type Model, type OpenOptions, openModel } from "../../src/index.ts";
import { type Entry, latin1, zipOf } from "../hand-made.ts";
import type { HostileCase } from "./hostile-case.ts";

const read = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../goldens/${path}`, import.meta.url)));

/** Opens a file, reads every tensor and closes it. */
const open =
  (bytes: Uint8Array, options: OpenOptions = {}) =>
  async (): Promise<Model> => {
    const file = await openModel(bytesSource(bytes), options);
    try {
      for (const tensor of file.tensors.values()) await tensor.read();
      return file;
    } finally {
      await file.close?.();
    }
  };

const h5 = (name: string, options: OpenOptions = {}) => open(read(`hdf5/${name}.h5`), options);

const config = '{"class_name":"Sequential","config":{"name":"s","layers":[]}}';
const weights = read("hdf5/booleans_and_scalars.h5");

/** An archive with the given entries in place of the right ones; undefined leaves one out. `more` are fields of the weights. */
function archive(changes: Readonly<Record<string, string | Uint8Array | undefined>>, more: Partial<Entry> = {}) {
  const entries = { "config.json": config, "model.weights.h5": weights, ...changes };
  return open(
    zipOf(
      Object.entries(entries).flatMap(([name, content]) =>
        content === undefined
          ? []
          : [
              {
                name,
                content: typeof content === "string" ? latin1(content) : content,
                ...(name.startsWith("model") ? more : {}),
              },
            ],
      ),
    ),
  );
}

const nested = (depth: number): string =>
  `${'{"class_name":"Sequential","config":{"layers":['.repeat(depth)}${"]}}".repeat(depth)}`;

const index = (map: unknown): string => JSON.stringify({ metadata: { total_size: 4 }, weight_map: map });
const shards = (map: unknown) => archive({ "model.weights.h5": undefined, "model.weights.json": index(map) });

export const kerasCases: HostileCase[] = [
  ["an HDF5 file of a signature alone", "E_HDF5_OPEN", open(latin1("\x89HDF\r\n\x1a\n........"))],
  ["an HDF5 file cut in half", "E_HDF5_OPEN", open(weights.subarray(0, weights.length / 2))],
  ["a heap object of no size", "E_HDF5_OBJECT", open(read("../corpus/h5/heap-object-of-no-size.E_HDF5_OBJECT.h5"))],
  ["text of gibibytes", "E_HDF5_OBJECT", open(read("../corpus/h5/heap-text-of-gibibytes.E_HDF5_OBJECT.h5"))],
  ["links to elsewhere", "E_HDF5_LINK", h5("links")],
  ["a virtual data set", "E_HDF5_LINK", h5("virtual")],
  ["a filter that is not built in", "E_HDF5_FILTER", h5("lzf")],
  ["elements that are no numbers", "E_HDF5_DTYPE", h5("other_types")],
  ["a data set of a terabyte", "E_HDF5_SHAPE", h5("shape_bomb")],
  ["a data set larger than its file", "E_HDF5_SHAPE", h5("contiguous_bomb")],
  ["a chunk of gibibytes", "E_HDF5_SHAPE", h5("chunk_bomb")],
  ["hard links in a cycle", "E_HDF5_LIMIT", h5("hard_link_cycle")],
  ["many nested groups", "E_HDF5_LIMIT", h5("deep_groups")],
  ["more objects than the limit", "E_HDF5_LIMIT", h5("many_links", { hdf5Objects: 10 })],
  ["values in another file", "E_HDF5_DATA", h5("external_storage")],
  ["values in a terminal", "E_HDF5_DATA", h5("external_terminal")],
  ["layer_names that are numbers", "E_KERAS_WEIGHTS", h5("legacy_names_numbers")],
  ["weight_names of nothing", "E_KERAS_WEIGHTS", h5("legacy_lacks_weight")],
  ["weight_names that leave their group", "E_KERAS_WEIGHTS", h5("legacy_leaves_group")],
  ["state of an optimizer", "E_KERAS_STATE", open(read("keras/trained.keras"))],
  ["a config that is a list", "E_KERAS_CONFIG", archive({ "config.json": "[]" })],
  ["a config without a class", "E_KERAS_CONFIG", archive({ "config.json": "{}" })],
  ["a config that is cut", "E_JSON_SYNTAX", archive({ "config.json": config.slice(0, 20) })],
  [
    "a config with two equal keys",
    "E_JSON_DUPLICATE",
    archive({ "config.json": '{"class_name":"A","class_name":"B"}' }),
  ],
  ["a config of many nested models", "E_KERAS_CONFIG", archive({ "config.json": nested(60) })],
  ["weights that are no HDF5", "E_HDF5_OPEN", archive({ "model.weights.h5": "no HDF5 at all" })],
  ["weights with a wrong checksum", "E_ZIP_CRC", archive({}, { crc: 1 })],
  [
    "weights that are pickled",
    "E_KERAS_WEIGHTS",
    archive({
      "model.weights.h5": undefined,
      "model.weights.npz": zipOf([
        {
          name: "layers/dense.npy",
          content: latin1(
            `${"\x93NUMPY\x01\0v\0{'descr': '|O', 'fortran_order': False, 'shape': (), }".padEnd(127)}\n`,
          ),
        },
      ]),
    }),
  ],
  ["an index without its shards", "E_KERAS_WEIGHTS", shards({ "/layers/dense/vars": "w.weights.h5" })],
  ["an index that leaves the archive", "E_KERAS_WEIGHTS", shards({ "/layers/dense/vars": "../w.weights.h5" })],
  ["an index of another kind", "E_KERAS_WEIGHTS", shards({ a: 1 })],
  ["a long config", "E_KERAS_ARCHIVE", () => openModel(bytesSource(read("keras/dense.keras")), { headerBytes: 400 })],
];
