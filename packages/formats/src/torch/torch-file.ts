// Files of torch.save: the zip archive of PyTorch 1.6 and later, and the older stream of pickles.
// Source: torch/serialization.py (_save, _legacy_save, _load, _legacy_load), PyTorch 2.13.

import { elementLayouts } from "@fanin/tensor";
import { type ByteSource, readExactly, windowSource } from "../byte-source.ts";
import { type Limits, limitsOf, type ReadOptions } from "../limits.ts";
import { MalformedFileError, quote } from "../malformed-file-error.ts";
import { entryReader } from "../zip-entry.ts";
import { openZip, type ZipEntry } from "../zip-reader.ts";
import { PyDict, PyList, type PyStorage, type PyValue } from "./pickle-values.ts";
import { type TorchTensors, torchTensors } from "./torch-tensors.ts";
import { PickleEnd, Unpickler } from "./unpickler.ts";

/** The number at the beginning of an older file. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_PROTOCOL = 1001;
const FIRST_READ_BYTES = 2 ** 20;

/** Whether a zip archive with these entries is a file of torch.save. */
export function isTorchArchive(names: readonly string[]): boolean {
  return names.some((name) => /^([^/]+\/)?data\.pkl$/.test(name));
}

/**
 * Whether a file that starts with `head` is a pickle of protocol 2 or later, as the older files are. Another pickle is
 * read too, so that the error names what it holds.
 */
export function isLegacyTorch(head: Uint8Array): boolean {
  const [first = 0, protocol = 0] = head;
  return first === 0x80 && protocol >= 2 && protocol <= 5;
}

const boundsOf = ({ jsonValues }: Limits) => ({ opcodes: 20 * jsonValues });

function damaged(file: string | undefined, expected: string, got: string): never {
  throw new MalformedFileError("E_TORCH_FILE", { file, expected, got });
}

/** Reads a pickle that is a whole entry. */
function unpickleEntry(bytes: Uint8Array, limits: Limits, file: string | undefined): PyValue {
  try {
    return new Unpickler(bytes, 0, boundsOf(limits), file).read();
  } catch (error) {
    if (!(error instanceof PickleEnd)) throw error;
    throw new MalformedFileError("E_PICKLE", { file, expected: "a pickle that ends with STOP", got: "its end before" });
  }
}

/**
 * Opens the archive of torch.save: `data.pkl`, `data/KEY` for each storage, and `byteorder`.
 *
 * @throws MalformedFileError with a code E_PICKLE..., E_TORCH_... or E_ZIP_....
 */
export async function openTorchArchive(source: ByteSource, options: ReadOptions): Promise<TorchTensors> {
  const { file } = options;
  const limits = limitsOf(options);
  const entries = new Map((await openZip(source, limits, file)).map((entry) => [entry.name, entry]));
  const main = [...entries.keys()].find((name) => isTorchArchive([name])) as string;
  const folder = main.slice(0, -"data.pkl".length);
  const readEntry = async (entry: ZipEntry): Promise<Uint8Array> => {
    if (entry.fault !== undefined) throw entry.fault;
    if (entry.size > limits.headerBytes) {
      damaged(file, `${quote(entry.name)} of at most ${limits.headerBytes} bytes`, `${entry.size}`);
    }
    return entryReader(source, entry, file).whole();
  };
  if ([...entries.keys()].some((name) => name === `${folder}constants.pkl` || name.startsWith(`${folder}code/`))) {
    damaged(
      file,
      "a file of torch.save: torch.save(module.state_dict(), path)",
      "a TorchScript archive, which has code",
    );
  }
  const order = entries.get(`${folder}byteorder`);
  const text = order === undefined ? "little" : new TextDecoder().decode(await readEntry(order));
  if (text !== "little" && text !== "big") damaged(file, "the byte order little or big", quote(text));
  const root = unpickleEntry(await readEntry(entries.get(main) as ZipEntry), limits, file);
  const sources = new Map<string, ByteSource>();
  const open = ({ key }: PyStorage): ByteSource => {
    let opened = sources.get(key);
    if (opened === undefined) {
      const entry = entries.get(`${folder}data/${key}`);
      if (entry === undefined) return damaged(file, `the storage ${quote(`${folder}data/${key}`)}`, "no such entry");
      if (entry.fault !== undefined) throw entry.fault;
      opened = entryReader(source, entry, file).source;
      sources.set(key, opened);
    }
    return opened;
  };
  return torchTensors(root, open, text === "little", file);
}

/** Reads the pickles at the start of a stream, with as many bytes as they need. */
async function readPickles(source: ByteSource, count: number, limits: Limits, file: string | undefined) {
  for (let length = Math.min(FIRST_READ_BYTES, source.size); ; length = Math.min(4 * length, source.size)) {
    const bytes = await readExactly(source, 0, length, file);
    try {
      const values: PyValue[] = [];
      let at = 0;
      while (values.length < count) {
        const unpickler = new Unpickler(bytes, at, boundsOf(limits), file);
        values.push(unpickler.read());
        at = unpickler.at;
        if (values.length === 1 && values[0] !== MAGIC) return { values, end: at };
      }
      return { values, end: at };
    } catch (error) {
      if (!(error instanceof PickleEnd)) throw error;
      if (length >= source.size) {
        throw new MalformedFileError("E_PICKLE", {
          file,
          expected: "a pickle that ends with STOP",
          got: "the end of the file",
        });
      }
      if (length > limits.headerBytes) damaged(file, `pickles of at most ${limits.headerBytes} bytes`, "more");
    }
  }
}

/** Collects the dtype of each storage that a value refers to. */
function storagesIn(root: PyValue): Map<string, PyStorage> {
  const found = new Map<string, PyStorage>();
  // torchTensors visits every tensor; opening a storage shows which ones there are.
  torchTensors(
    root,
    (storage) => {
      found.set(storage.key, storage);
      return { size: Number.MAX_SAFE_INTEGER, read: async () => new Uint8Array(0) };
    },
    true,
  );
  return found;
}

/**
 * Opens an older file of torch.save: five pickles, then the storages, each behind its number of elements.
 *
 * @throws MalformedFileError with a code E_PICKLE... or E_TORCH_....
 */
export async function openLegacyTorch(source: ByteSource, options: ReadOptions): Promise<TorchTensors> {
  const { file } = options;
  const { values, end } = await readPickles(source, 5, limitsOf(options), file);
  const [magic, protocol, system, root = null, keys] = values;
  if (magic !== MAGIC) {
    return damaged(file, "a file of torch.save", "another pickle: save model.state_dict() by torch.save");
  }
  if (protocol !== LEGACY_PROTOCOL) damaged(file, `the protocol ${LEGACY_PROTOCOL}`, String(protocol));
  const isLittle = !(system instanceof PyDict) || system.entries.get("little_endian") !== false;
  if (!(keys instanceof PyList)) return damaged(file, "a list of storages", "another value");
  const storages = storagesIn(root);
  const places = new Map<string, ByteSource>();
  let at = end;
  for (const key of keys.items) {
    const storage = storages.get(String(key));
    const prefix = await readExactly(source, at, Math.min(8, source.size - at), file);
    if (prefix.length < 8) damaged(file, `the storage ${quote(String(key))}`, "the end of the file");
    const count = Number(new DataView(prefix.buffer, prefix.byteOffset).getBigInt64(0, isLittle));
    if (storage === undefined)
      return damaged(file, "storages that tensors use", `${quote(String(key))}, which none uses`);
    const { dtype } = storage;
    const bytes = dtype === "bytes" ? 1 : (elementLayouts[dtype as keyof typeof elementLayouts]?.bytes ?? 1);
    const [start, size] = [at + 8, count * bytes];
    if (!(size >= 0) || start + size > source.size)
      damaged(file, `${count} elements of ${dtype}`, "the end of the file");
    places.set(storage.key, windowSource(source, start, size));
    at = start + size;
  }
  const open = ({ key }: PyStorage): ByteSource =>
    places.get(key) ?? damaged(file, `the storage ${quote(key)}`, "a file without it");
  return torchTensors(root, open, isLittle, file);
}
