// An open HDF5 file: its links, attributes and data sets, each checked before it is read.

import type { ByteSource } from "../byte-source.ts";
import { type Limits, limitsOf, type ReadOptions } from "../limits.ts";
import { type MalformedCode, MalformedFileError, quote } from "../malformed-file-error.ts";
import { type Hdf5Library, loadHdf5Library } from "./hdf5-library.ts";
import type { Hdf5Metadata, Hdf5Module, SyncSource } from "./hdf5-module.ts";
import { Hdf5Failure } from "./source-folder.ts";
import { syncSource } from "./sync-source.ts";

/** The classes of element types (H5T_class_t). */
export const hdf5Classes = { integer: 0, float: 1, string: 3, opaque: 5, compound: 6, enumeration: 8 } as const;

/** What a link leads to. Links that lead elsewhere are not followed. */
export type Hdf5Kind = "group" | "dataset" | "datatype" | "soft link" | "external link" | "unknown object";

/** deflate, shuffle, Fletcher-32, n-bit, scale-offset (H5Z_FILTER_...): those that the library has built in. */
const readableFilters: ReadonlySet<number> = new Set([1, 2, 3, 5, 6]);

/** Maximum bytes of one attribute; Keras stores a config of any length in one. */
const ATTRIBUTE_BYTES: number = 64 * 2 ** 20;

/** Maximum strings of one attribute. */
const ATTRIBUTE_STRINGS = 200_000;

/** The value of an attribute: texts, or bytes of another type. */
export interface Hdf5Attribute {
  readonly metadata: Hdf5Metadata;
  /** Undefined for an attribute that is no text. */
  readonly texts: readonly string[] | undefined;
}

/** An open file. Its paths are those of hard links, without a slash at the start. */
export class Hdf5File {
  readonly #library: Hdf5Library;
  readonly file: string | undefined;
  readonly limits: Limits;
  readonly size: number;
  #path: string | undefined;
  #id = 0n;
  #generation = -1;
  #objects = 0;
  /** Whether the library has failed on the file: it may loop without end when it closes such a file. */
  #isDamaged = false;
  /** What was found before: each question walks the path from the root. */
  readonly #kinds = new Map<string, Hdf5Kind>();

  private constructor(library: Hdf5Library, source: SyncSource, options: ReadOptions) {
    this.#library = library;
    this.file = options.file;
    this.limits = limitsOf(options);
    this.size = source.size;
    this.#path = library.mount(source);
  }

  /**
   * Opens a file without reading its data sets.
   *
   * @throws MalformedFileError E_HDF5_OPEN; RangeError for a large source that cannot be read synchronously.
   */
  static async open(source: ByteSource, options: ReadOptions = {}): Promise<Hdf5File> {
    const readable = await syncSource(source, limitsOf(options).entryBytes, options.file);
    const file = new Hdf5File(await loadHdf5Library(), readable, options);
    try {
      file.#use("E_HDF5_OPEN", "an HDF5 file", "the file", () => undefined);
      return file;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Closes the file; reading it afterwards throws. */
  close(): void {
    const path = this.#path;
    if (path === undefined) return;
    this.#path = undefined;
    const isOpen = this.#generation === this.#library.generation;
    try {
      if (isOpen && this.#isDamaged) this.#library.restart();
      else if (isOpen) this.#library.run("close", this.size, (module) => module.close_file(this.#id));
    } catch (error) {
      if (!(error instanceof Hdf5Failure)) throw error;
    }
    this.#library.unmount(path);
  }

  /** Calls the library with the open file, and opens it again if a trap has closed it. */
  #use<T>(code: MalformedCode, expected: string, what: string, work: (module: Hdf5Module, id: bigint) => T): T {
    const path = this.#path;
    if (path === undefined) throw new Error(`${this.file ?? "the file"} is closed: read its tensors before close()`);
    try {
      if (this.#generation !== this.#library.generation) {
        this.#id = this.#library.run("open", this.size, (module) => {
          const id = module.open(path, 0, false, -1, -1);
          this.#library.expectSuccess(id);
          return id;
        });
        this.#generation = this.#library.generation;
      }
      return this.#library.run(what, this.size, (module) => work(module, this.#id));
    } catch (error) {
      this.#isDamaged = true;
      if (!(error instanceof Hdf5Failure)) throw error;
      throw new MalformedFileError(code, { file: this.file, expected, got: quote(error.message), cause: error });
    }
  }

  #refuse(code: MalformedCode, expected: string, got: string, tensor?: string): never {
    throw new MalformedFileError(code, { file: this.file, tensor, expected, got });
  }

  /**
   * Lists the links of a group, in the order of their names.
   *
   * @throws MalformedFileError E_HDF5_OBJECT; E_HDF5_LIMIT for more objects than the limit, or than the file can hold.
   */
  names(path: string): string[] {
    const names = this.#use("E_HDF5_OBJECT", `a group ${quote(path)}`, quote(path), (module, id) => {
      const found = module.get_names(id, path === "" ? "/" : path, false);
      this.#library.expectSuccess(Array.isArray(found) ? 0 : -1);
      return found;
    });
    this.#objects += names.length;
    // A link takes 16 bytes and more, so a file that has more of them repeats itself: hard links form a cycle.
    const most = Math.min(this.limits.hdf5Objects, Math.floor(this.size / 16));
    if (this.#objects > most) this.#refuse("E_HDF5_LIMIT", `at most ${most} objects`, `${this.#objects} or more`);
    return names;
  }

  /** Returns what a link of the file leads to. */
  kind(path: string): Hdf5Kind {
    const known = this.#kinds.get(path);
    if (known !== undefined) return known;
    const found: Hdf5Kind = this.#use("E_HDF5_OBJECT", `an object ${quote(path)}`, quote(path), (module, id) => {
      if (module.get_symbolic_link(id, path) !== null) return "soft link";
      if (module.get_external_link(id, path)?.filename !== undefined) return "external link";
      const kinds = ["group", "dataset", "datatype", "soft link", "external link"] as const;
      return kinds[module.get_type(id, path)] ?? "unknown object";
    });
    this.#kinds.set(path, found);
    return found;
  }

  /** Whether a group has a link of this name that leads to an object of the file. */
  has(path: string): boolean {
    const slash = path.lastIndexOf("/");
    const parent = path.slice(0, Math.max(0, slash));
    if (parent !== "" && !this.has(parent)) return false;
    const kind = parent === "" || this.kind(parent) === "group" ? this.#kindOrNone(path) : undefined;
    return kind === "group" || kind === "dataset";
  }

  #kindOrNone(path: string): Hdf5Kind | undefined {
    try {
      return this.kind(path);
    } catch (error) {
      if (error instanceof MalformedFileError && error.code === "E_HDF5_OBJECT") return undefined;
      throw error;
    }
  }

  /** Lists the names of an object's attributes. */
  attributeNames(path: string): string[] {
    return this.#use("E_HDF5_OBJECT", `the attributes of ${quote(path)}`, quote(path), (module, id) => {
      const names = module.get_attribute_names(id, path === "" ? "/" : path);
      this.#library.expectSuccess(Array.isArray(names) ? 0 : -1);
      return names;
    });
  }

  /**
   * Reads an attribute; only text is decoded.
   *
   * @throws MalformedFileError E_HDF5_OBJECT; E_HDF5_LIMIT for a long one.
   */
  attribute(path: string, name: string): Hdf5Attribute {
    const object = path === "" ? "/" : path;
    const expected = `an attribute ${quote(name)} of ${quote(object)}`;
    const metadata = this.#use("E_HDF5_OBJECT", expected, quote(name), (module, id) =>
      module.get_attribute_metadata(id, object, name),
    );
    if (metadata.type !== hdf5Classes.string || metadata.shape === null) return { metadata, texts: undefined };
    const bytes = metadata.size * metadata.total_size;
    if (!(bytes <= ATTRIBUTE_BYTES) || metadata.total_size > ATTRIBUTE_STRINGS) {
      this.#refuse("E_HDF5_LIMIT", `${expected} of at most ${ATTRIBUTE_BYTES} bytes`, `${bytes}`);
    }
    const texts = this.#use("E_HDF5_OBJECT", expected, quote(name), (module, id) =>
      withMemory(module, bytes, (pointer) => {
        module.HEAPU8.fill(0, pointer, pointer + bytes);
        this.#library.expectSuccess(module.get_attribute_data(id, object, name, BigInt(pointer)));
        if (metadata.vlen) {
          const pointers = new Uint32Array(module.HEAPU8.slice(pointer, pointer + bytes).buffer);
          let total = 0;
          const read = Array.from(pointers, (text) => {
            const value = text === 0 ? "" : module.UTF8ToString(text, ATTRIBUTE_BYTES);
            total += value.length;
            if (total > ATTRIBUTE_BYTES) throw new Hdf5Failure("text beyond the limit");
            return value;
          });
          module.reclaim_vlen_memory(id, object, name, BigInt(pointer));
          return read;
        }
        return Array.from({ length: metadata.total_size }, (_, i) => {
          const start = pointer + i * metadata.size;
          const text = module.HEAPU8.slice(start, start + metadata.size);
          const end = text.indexOf(0);
          return new TextDecoder().decode(end < 0 ? text : text.subarray(0, end));
        });
      }),
    );
    return { metadata, texts };
  }

  /**
   * Describes a data set; checks where its values are, how they are compressed, and that the file can hold them.
   *
   * @throws MalformedFileError E_HDF5_LINK, E_HDF5_FILTER, E_HDF5_SHAPE or E_HDF5_OBJECT.
   */
  dataset(path: string): Hdf5Metadata {
    const what = quote(path);
    const [metadata, filters] = this.#use("E_HDF5_OBJECT", `a data set ${what}`, what, (module, id) => {
      return [module.get_dataset_metadata(id, path), module.get_dataset_filters(id, path)] as const;
    });
    const { shape, size, chunks, virtual_sources } = metadata;
    if (virtual_sources !== undefined) {
      this.#refuse("E_HDF5_LINK", "values within the file", "a virtual data set of other files", path);
    }
    for (const { id, name } of filters) {
      if (readableFilters.has(id)) continue;
      const got = `the filter ${id}${name ? ` (${quote(name)})` : ""}`;
      this.#refuse("E_HDF5_FILTER", "gzip, shuffle or Fletcher-32; save the file with one of them or none", got, path);
    }
    if (shape === null) return metadata;
    const count = shape.reduce((product, dimension) => product * dimension, 1);
    const bytes = count * size;
    const isSane = shape.length <= 32 && shape.every((n) => Number.isSafeInteger(n) && n >= 0) && size > 0;
    // A product below 2^53 may hide behind a dimension of 0.
    const most = shape.reduce((product, dimension) => product * Math.max(1, dimension), size);
    if (!isSane || !Number.isSafeInteger(most)) {
      this.#refuse("E_HDF5_SHAPE", "at most 32 dimensions, under 2^53 bytes", `[${shape.join(", ")}]`, path);
    }
    const ratio = filters.some(({ id }) => id !== 2 && id !== 3) ? this.limits.ratio : 1;
    const largest = Math.max(2 ** 20, ratio * this.size);
    if (bytes > largest) {
      this.#refuse("E_HDF5_SHAPE", `at most ${largest} bytes in a file of ${this.size}`, `${bytes} bytes`, path);
    }
    const chunkBytes = chunks?.reduce((product, dimension) => product * dimension, size) ?? 0;
    if (chunkBytes > Math.min(largest, 2 ** 28) && chunkBytes > bytes) {
      this.#refuse("E_HDF5_SHAPE", `chunks of at most ${Math.min(largest, 2 ** 28)} bytes`, `${chunkBytes}`, path);
    }
    return metadata;
  }

  /**
   * Reads a box of a data set as little-endian bytes; a data set without dimensions as a whole.
   *
   * @throws MalformedFileError E_HDF5_DATA.
   */
  read(path: string, bytes: number, offset: readonly number[], count: readonly number[]): Uint8Array {
    const what = quote(path);
    return this.#use("E_HDF5_DATA", `${bytes} bytes of ${what}`, what, (module, id) =>
      withMemory(module, bytes, (pointer) => {
        const box = [count, offset, count.map(() => 1)].map((values) =>
          count.length === 0 ? null : values.map((value) => BigInt(value)),
        );
        const [counts, offsets, strides] = box as [bigint[] | null, bigint[] | null, bigint[] | null];
        this.#library.expectSuccess(module.get_dataset_data(id, path, counts, offsets, strides, BigInt(pointer)));
        return module.HEAPU8.slice(pointer, pointer + bytes);
      }),
    );
  }
}

/** Lends memory of the library. */
function withMemory<T>(module: Hdf5Module, bytes: number, use: (pointer: number) => T): T {
  // The library may write an element more where a damaged header contradicts itself.
  const pointer = module._malloc(bytes + 64);
  if (pointer === 0) throw new Hdf5Failure(`no memory for ${bytes} bytes`);
  const result = use(pointer);
  module._free(pointer);
  return result;
}
