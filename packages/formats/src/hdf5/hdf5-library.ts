// The HDF5 library in WebAssembly (h5wasm), loaded when the first HDF5 file is opened, and kept intact by damaged files.
// Sources: h5wasm 0.10.3, src/hdf5_util.cc; Emscripten, "File System API" (a file system is node_ops and stream_ops).
//
// h5wasm's build for browsers runs in Node as well, and is used there on purpose: its build for Node can open any file of the
// disk, to which external links and external storage of a hostile HDF5 file could point.

import { MalformedFileError } from "../malformed-file-error.ts";

/** Reads synchronously, as the HDF5 library does. */
export interface SyncSource {
  readonly size: number;
  readSync(offset: number, length: number): Uint8Array;
}

/** The element type and shape of a data set or an attribute, as h5wasm gives them. */
export interface Hdf5Metadata {
  readonly type: number;
  readonly size: number;
  readonly signed: boolean;
  readonly littleEndian: boolean;
  readonly vlen: boolean;
  readonly cset?: number;
  /** Null for a data space without elements (H5S_NULL). */
  readonly shape: number[] | null;
  readonly chunks: number[] | null;
  readonly total_size: number;
  readonly enum_type?: { readonly type: number; readonly members: Readonly<Record<string, number>> };
  readonly compound_type?: { readonly members: readonly (Hdf5Metadata & { name: string; offset: number })[] };
  readonly virtual_sources?: readonly unknown[];
}

/** The functions of h5wasm's module that are used. */
export interface Hdf5Module {
  readonly HEAPU8: Uint8Array;
  readonly FS: EmscriptenFs;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  ccall(name: string, returns: string, kinds: readonly string[], values: readonly unknown[]): unknown;
  UTF8ToString(pointer: number, maximum?: number): string;
  open(path: string, mode: number, trackOrder: boolean, low: number, high: number): bigint;
  close_file(file: bigint): number;
  get_names(file: bigint, path: string, recursive: boolean): string[];
  get_type(file: bigint, path: string): number;
  get_symbolic_link(file: bigint, path: string): string | null;
  get_external_link(file: bigint, path: string): { filename?: string };
  get_attribute_names(file: bigint, path: string): string[];
  get_attribute_metadata(file: bigint, path: string, name: string): Hdf5Metadata;
  get_attribute_data(file: bigint, path: string, name: string, pointer: bigint): number;
  reclaim_vlen_memory(file: bigint, path: string, name: string, pointer: bigint): number;
  get_dataset_metadata(file: bigint, path: string): Hdf5Metadata;
  get_dataset_filters(file: bigint, path: string): readonly { readonly id: number; readonly name: string }[];
  get_dataset_data(
    file: bigint,
    path: string,
    count: bigint[] | null,
    offset: bigint[] | null,
    strides: bigint[] | null,
    pointer: bigint,
  ): number;
}

interface FsNode {
  id: number;
  mode: number;
  name: string;
  node_ops: object;
  stream_ops: object;
  source?: SyncSource;
}

interface FsStream {
  readonly node: FsNode;
  position: number;
  stream_ops: object;
}

/** The part of Emscripten's file system that is used. */
export interface EmscriptenFs {
  readonly ErrnoError: new (errno: number) => Error;
  readonly streams: (FsStream | null | undefined)[];
  createNode(parent: FsNode | null, name: string, mode: number, device: number): FsNode;
  mkdir(path: string): void;
  mount(type: object, options: object, path: string): void;
  unlink(path: string): void;
  readdir(path: string): string[];
  close(stream: FsStream): void;
}

const ENOENT = 44;
const EIO = 29;
const EINVAL = 28;
const FOLDER_MODE = 0o40777;
const FILE_MODE = 0o100444;
const PAGE_BYTES = 65536;
/** Characters kept of what the library prints about one failure. */
const LOG_CHARACTERS = 8192;

/** The file system of the open sources: one folder of files that cannot be written. */
class SourceFolder {
  readonly #fs: EmscriptenFs;
  readonly #sources = new Map<string, SyncSource>();
  /** Cannot be guessed by the external storage of a hostile file. */
  readonly path: string = `/${crypto.randomUUID()}`;
  #count = 0;
  /** The error of the source, which the library only knows as EIO. */
  fault: { readonly error: unknown } | undefined;

  constructor(fs: EmscriptenFs) {
    this.#fs = fs;
    fs.mkdir(this.path);
    fs.mount({ mount: () => this.#folder() }, {}, this.path);
  }

  #node(parent: FsNode | null, name: string, source?: SyncSource): FsNode {
    const node = this.#fs.createNode(parent, name, source ? FILE_MODE : FOLDER_MODE, 0);
    node.mode = source ? FILE_MODE : FOLDER_MODE;
    if (source) node.source = source;
    const fail = (errno: number) => (): never => {
      throw new this.#fs.ErrnoError(errno);
    };
    node.node_ops = {
      getattr: () => this.#attributes(node),
      setattr: () => undefined,
      lookup: (folder: FsNode, wanted: string) => {
        const found = this.#sources.get(wanted);
        if (found === undefined) throw new this.#fs.ErrnoError(ENOENT);
        return this.#node(folder, wanted, found);
      },
      unlink: (_: FsNode, wanted: string) => {
        this.#sources.delete(wanted);
      },
      readdir: () => [".", ".."],
      mknod: fail(EIO),
      rename: fail(EIO),
      rmdir: fail(EIO),
      symlink: fail(EIO),
    };
    node.stream_ops = {
      read: (stream: FsStream, buffer: Int8Array, start: number, length: number, position: number) =>
        this.#read(stream.node.source as SyncSource, buffer, start, length, position),
      llseek: (stream: FsStream, offset: number, whence: number) => {
        const base = whence === 1 ? stream.position : whence === 2 ? (stream.node.source?.size ?? 0) : 0;
        if (base + offset < 0) throw new this.#fs.ErrnoError(EINVAL);
        return base + offset;
      },
    };
    return node;
  }

  #folder(): FsNode {
    return this.#node(null, "/");
  }

  #attributes({ id, mode, source }: FsNode): object {
    const time = new Date(0);
    const size = source?.size ?? PAGE_BYTES;
    return {
      dev: 1,
      ino: id,
      mode,
      nlink: 1,
      uid: 0,
      gid: 0,
      rdev: 0,
      size,
      atime: time,
      mtime: time,
      ctime: time,
      blksize: PAGE_BYTES,
      blocks: Math.ceil(size / PAGE_BYTES),
    };
  }

  #read(source: SyncSource, buffer: Int8Array, start: number, length: number, position: number): number {
    const wanted = Math.max(0, Math.min(length, source.size - position));
    if (wanted === 0) return 0;
    try {
      const bytes = source.readSync(position, wanted);
      if (bytes.length !== wanted) {
        const [expected, got] = [`${wanted} bytes at ${position}`, `${bytes.length}`];
        throw new MalformedFileError("E_SOURCE_SHORT", { expected, got });
      }
      new Uint8Array(buffer.buffer, buffer.byteOffset).set(bytes, start);
    } catch (error) {
      this.fault ??= { error };
      throw new this.#fs.ErrnoError(EIO);
    }
    return wanted;
  }

  add(source: SyncSource): string {
    const name = `${this.#count++}.h5`;
    this.#sources.set(name, source);
    return `${this.path}/${name}`;
  }

  remove(path: string): void {
    if (!this.#sources.has(path.slice(this.path.length + 1))) return;
    this.#fs.unlink(path);
  }
}

/** What the library could not do, with its own words about it. */
export class Hdf5Failure extends Error {
  override readonly name: string = "Hdf5Failure";
}

/** The loaded library. */
export class Hdf5Library {
  readonly #module: Hdf5Module;
  readonly #folder: SourceFolder;
  /** The pages of the memory that are not zero after start, by their number. */
  readonly #image = new Map<number, Uint8Array>();
  #log = "";
  /** Counts the times that the memory was restored: what was open before is closed. */
  generation = 0;

  constructor(module: Hdf5Module) {
    this.#module = module;
    const { FS } = module;
    this.#folder = new SourceFolder(FS);
    // External storage could name them: a terminal waits for input.
    for (const name of FS.readdir("/dev")) {
      if (/^(stdin|tty\d*|u?random)$/.test(name)) FS.unlink(`/dev/${name}`);
    }
    this.#capture(1);
    this.#capture(2);
    const heap = module.HEAPU8;
    for (let page = 0; page * PAGE_BYTES < heap.length; page++) {
      const bytes = heap.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
      if (bytes.some((byte) => byte !== 0)) this.#image.set(page, bytes.slice());
    }
  }

  /** Keeps what the library prints, in place of the terminal. */
  #capture(descriptor: number): void {
    const stream = this.#module.FS.streams[descriptor];
    if (!stream) return;
    stream.stream_ops = {
      write: (_: FsStream, buffer: Int8Array, start: number, length: number) => {
        if (this.#log.length < LOG_CHARACTERS) {
          this.#log += new TextDecoder("latin1").decode(Uint8Array.from(buffer.subarray(start, start + length)));
        }
        return length;
      },
      llseek: () => 0,
    };
  }

  /**
   * Calls the library. A trap leaves its memory in any state, so it is set back to what it was at the start.
   *
   * @throws Hdf5Failure if the library fails; the error of the source if reading it failed.
   */
  run<T>(what: string, work: (module: Hdf5Module) => T): T {
    this.#log = "";
    this.#folder.fault = undefined;
    let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
    const guarded = this.#module as Hdf5Module & { _guarded?: () => number };
    guarded._guarded = () => {
      try {
        outcome = { value: work(this.#module) };
      } catch (error) {
        outcome = { error };
      }
      return 0;
    };
    // An argument of text makes ccall save the stack's pointer, and set it back after a failure.
    this.#module.ccall("guarded", "number", ["string"], [""]);
    const fault = this.#folder.fault;
    if (outcome === undefined) throw new Hdf5Failure(`${what}: nothing was done`);
    if ("value" in outcome && fault === undefined) return outcome.value;
    const error = "error" in outcome ? outcome.error : undefined;
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) this.#restore();
    if (fault !== undefined) throw (fault as { error: unknown }).error;
    throw new Hdf5Failure(`${what}: ${this.#reason(error)}`, { cause: error });
  }

  /** Throws unless a status of the library means success. */
  expectSuccess(status: number | bigint): void {
    if (status < 0) throw new Hdf5Failure(this.#reason(undefined));
  }

  /** The innermost line of the library's report, which names the cause. */
  #reason(error: unknown): string {
    const lines = Array.from(this.#log.matchAll(/#\d+: [^\n]*? line \d+ in \w+\(\): ([^\n]*)/g), ([, text]) => text);
    const last = lines.at(-1);
    if (last !== undefined) return last;
    return error instanceof Error ? error.message.split("\n", 1)[0]?.slice(0, 120) || "failed" : "failed";
  }

  #restore(): void {
    this.generation++;
    const { FS } = this.#module;
    for (const stream of FS.streams.slice(3)) {
      if (stream) FS.close(stream);
    }
    const heap = this.#module.HEAPU8;
    heap.fill(0);
    for (const [page, bytes] of this.#image) heap.set(bytes, page * PAGE_BYTES);
  }

  /** Gives the library a source as a file. */
  mount(source: SyncSource): string {
    return this.#folder.add(source);
  }

  /** Takes it away. */
  unmount(path: string): void {
    this.#folder.remove(path);
  }
}

let loading: Promise<Hdf5Library> | undefined;

/** Loads the library once. */
export function loadHdf5Library(): Promise<Hdf5Library> {
  loading ??= import("h5wasm").then(async ({ ready }) => new Hdf5Library((await ready) as unknown as Hdf5Module));
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}
