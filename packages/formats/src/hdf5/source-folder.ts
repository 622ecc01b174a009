// Open sources as files of the HDF5 library: a file system of one folder, whose reads call the source.
// Source: Emscripten, "File System API" (a file system is node_ops and stream_ops), as its WORKERFS is.

import { MalformedFileError } from "../malformed-file-error.ts";
import type { EmscriptenFs, FsNode, FsStream, SyncSource } from "./hdf5-module.ts";
import { faultOfRead } from "./read-guard.ts";

/** What the library could not do, with its own words about it. */
export class Hdf5Failure extends Error {
  override readonly name: string = "Hdf5Failure";
}

const ENOENT = 44;
const EIO = 29;
const EINVAL = 28;
const FOLDER_MODE = 0o40777;
const FILE_MODE = 0o100444;
const PAGE_BYTES = 65536;
/** Headers are read in pieces of at most this size; larger ones are values. */
const GUARDED_BYTES: number = 2 ** 20;

/** The file system of the open sources: one folder of files that cannot be written. */
export class SourceFolder {
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
      const damage = wanted <= GUARDED_BYTES ? faultOfRead(bytes, source.size) : undefined;
      if (damage !== undefined) throw new Hdf5Failure(damage);
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
