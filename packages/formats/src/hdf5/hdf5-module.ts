// The parts of h5wasm's module, and of Emscripten's file system in it, that are used.
// Sources: h5wasm 0.10.3, src/hdf5_util_helpers.d.ts; Emscripten, "File System API".

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

/** A file or folder of Emscripten. */
export interface FsNode {
  id: number;
  mode: number;
  name: string;
  node_ops: object;
  stream_ops: object;
  source?: SyncSource;
}

/** An open file of Emscripten. */
export interface FsStream {
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
