// The HDF5 library in WebAssembly (h5wasm), loaded when the first HDF5 file is opened, and kept intact by damaged files.
// Sources: h5wasm 0.10.3, src/hdf5_util.cc; Emscripten, "File System API" (a file system is node_ops and stream_ops).
//
// h5wasm's build for browsers runs in Node as well, and is used there on purpose: its build for Node can open any file of the
// disk, to which external links and external storage of a hostile HDF5 file could point.

import type { FsStream, Hdf5Module, SyncSource } from "./hdf5-module.ts";
import { Hdf5Failure, SourceFolder } from "./source-folder.ts";

const PAGE_BYTES = 65536;
/** Memory beyond that at the start and four times the file: for pieces of values, chunks and attributes. */
const SPARE_BYTES: number = 2 ** 27;
/** Larger files need no more memory, because their values are read in pieces. */
const LARGEST_FILE_BYTES: number = 2 ** 28;
/** Characters kept of what the library prints about one failure. */
const LOG_CHARACTERS = 8192;

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
   * Calls the library for a file of `fileBytes`, which bound its memory. A trap, or memory that it does not get, leaves it in
   * any state, so its memory is set back to what it was at the start.
   *
   * @throws Hdf5Failure if the library fails; the error of the source if reading it failed.
   */
  run<T>(what: string, fileBytes: number, work: (module: Hdf5Module) => T): T {
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
    const most = this.#image.size * PAGE_BYTES + SPARE_BYTES + 4 * Math.min(fileBytes, LARGEST_FILE_BYTES);
    const { grow } = WebAssembly.Memory.prototype;
    let isDenied = false;
    // The module does not give its memory, which grows by this function alone. Nothing else runs meanwhile.
    WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
      if (this.buffer.byteLength + pages * PAGE_BYTES <= most) return grow.call(this, pages);
      isDenied = true;
      throw new RangeError(`more than ${most} bytes`);
    };
    // An argument of text makes ccall save the stack's pointer, and set it back after a failure.
    try {
      this.#module.ccall("guarded", "number", ["string"], [""]);
    } finally {
      WebAssembly.Memory.prototype.grow = grow;
    }
    const fault = this.#folder.fault;
    if (outcome === undefined) throw new Hdf5Failure(`${what}: nothing was done`);
    if ("value" in outcome && fault === undefined) return outcome.value;
    const error = "error" in outcome ? outcome.error : undefined;
    if (isDenied || error instanceof WebAssembly.RuntimeError || error instanceof RangeError) this.restart();
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

  /** Sets the memory back to what it was at the start. Open files open again when they are read next. */
  restart(): void {
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
