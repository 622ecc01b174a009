// Compares two weight files, each of any format: which tensors only one has, which have another shape, and how far the
// others are apart. A few chunks of two tensors are in memory at a time.

import type { Model, StoredTensor } from "@fanin/formats";
import { naturalOrder } from "@fanin/lab/weights";
import type { TensorData } from "@fanin/tensor";
import { type AnyDType, elementLayouts } from "@fanin/tensor";
import { storedPieces } from "../../values/stored-values.ts";
import type { Architecture } from "../../weights/architecture.ts";
import { type Distance, TensorDistance } from "./tensor-distance.ts";

/** The parts of an open file that the comparison needs. */
export type ComparedFile = Pick<Model, "format" | "tensors" | "skipped">;

/** A tensor by its header; the shape is null if the file does not give it. */
export interface TensorHeader {
  readonly shape: readonly number[] | null;
  readonly dtype: string | null;
}

/** A tensor that both files have in another shape, or that one file has in a dtype that Fanin cannot read. */
export interface ChangedTensor {
  readonly name: string;
  readonly a: TensorHeader;
  readonly b: TensorHeader;
}

/** A tensor that both files have, in one shape. */
export interface ComparedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtypes: { readonly a: AnyDType; readonly b: AnyDType };
  readonly distance: Distance;
}

/** The differences of two files. */
export interface FileDifference {
  /** Tensors that only B has. */
  readonly added: readonly ({ readonly name: string } & TensorHeader)[];
  /** Tensors that only A has. */
  readonly missing: readonly ({ readonly name: string } & TensorHeader)[];
  readonly changed: readonly ChangedTensor[];
  /** The others, those that are farthest apart first. */
  readonly compared: readonly ComparedTensor[];
  /** Names of tensors that both files have in one shape and dtype that Fanin cannot read. */
  readonly unread: readonly string[];
}

/** Cuts the chunks of two tensors of equal length into pairs of equal length. */
async function* pairedPieces(a: StoredTensor, b: StoredTensor): AsyncGenerator<[TensorData, TensorData], void> {
  const sides = [a, b].map((tensor) => {
    const { bytes, unit } = elementLayouts[tensor.dtype];
    return {
      pieces: storedPieces(tensor)[Symbol.asyncIterator](),
      width: bytes / unit,
      left: new Uint8Array(0) as TensorData,
      isDone: false,
    };
  });
  const [first, second] = sides as [(typeof sides)[number], (typeof sides)[number]];
  try {
    while (true) {
      for (const side of sides) {
        while (!side.isDone && side.left.length === 0) {
          const { done, value } = await side.pieces.next();
          if (done) side.isDone = true;
          else side.left = value;
        }
      }
      // Both are read to the end, where their checksums are verified.
      if (first.isDone || second.isDone) return;
      const [x, y] = [first.left, second.left];
      const count = Math.min(x.length / first.width, y.length / second.width);
      yield [x.subarray(0, count * first.width), y.subarray(0, count * second.width)];
      first.left = x.subarray(count * first.width);
      second.left = y.subarray(count * second.width);
    }
  } finally {
    for (const { pieces } of sides) await pieces.return?.();
  }
}

/** Compares the values of two tensors of one shape. */
async function distanceOf(a: StoredTensor, b: StoredTensor): Promise<Distance> {
  const distance = new TensorDistance(a.dtype, b.dtype);
  for await (const [x, y] of pairedPieces(a, b)) distance.add(x, y);
  return distance.distance;
}

const sameShape = (a: readonly number[] | null, b: readonly number[] | null): boolean =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((size, axis) => size === b[axis]));

/** The order of tensors: unmatched NaN and infinities first, then the largest difference. */
function fartherFirst({ distance: x, name: a }: ComparedTensor, { distance: y, name: b }: ComparedTensor): number {
  const isEqual = ({ equalBits, count }: Distance): number => Number(equalBits === count);
  return (
    y.unmatched - x.unmatched ||
    descending(x.maxAbsolute, y.maxAbsolute) ||
    descending(x.relative, y.relative) ||
    isEqual(x) - isEqual(y) ||
    naturalOrder(a, b)
  );
}

/** Compares two numbers of which either may be infinite. */
const descending = (x: number, y: number): number => (x === y ? 0 : x > y ? -1 : 1);

/** The headers of all tensors of a file, read or not. */
function headersOf({ tensors, skipped }: ComparedFile): Map<string, TensorHeader> {
  const headers = new Map<string, TensorHeader>();
  for (const { name, shape, dtype } of skipped) {
    // Without both it is no tensor, such as the state of an optimizer.
    if (shape !== undefined || dtype !== undefined) headers.set(name, { shape: shape ?? null, dtype: dtype ?? null });
  }
  for (const { name, shape, dtype } of tensors.values()) headers.set(name, { shape, dtype });
  return headers;
}

/** A tensor under another name. */
const renamed = (tensor: StoredTensor, name: string): StoredTensor => ({
  ...{ name, shape: tensor.shape, dtype: tensor.dtype },
  read: () => tensor.read(),
  slice: (start, end) => tensor.slice(start, end),
  chunks: () => tensor.chunks(),
});

/** A .npy file stores no name: its tensor is compared with the only tensor of the other file. */
function withOneName(a: ComparedFile, b: ComparedFile): ComparedFile {
  const [only] = a.tensors.values();
  const [other] = b.tensors.values();
  const isUnnamed = a.format === "npy" || b.format === "npy";
  if (!isUnnamed || only === undefined || other === undefined || b.tensors.size > 1 || a.tensors.size > 1) return b;
  return { ...b, tensors: new Map([[only.name, renamed(other, only.name)]]) };
}

/** Gives tensors that the other file lacks their names by an architecture. */
function withNames(file: ComparedFile, other: ComparedFile, nameOf: (name: string) => string): ComparedFile {
  const taken = new Set(file.tensors.keys());
  const tensors = Array.from(file.tensors, ([name, tensor]): [string, StoredTensor] => {
    const own = nameOf(name);
    if (other.tensors.has(name) || taken.has(own)) return [name, tensor];
    taken.add(own);
    return [own, renamed(tensor, own)];
  });
  return { ...file, tensors: new Map(tensors) };
}

/** Returns the name that a variable of a Keras model has in every file: for its path, and without a Sequential's own name. */
function nameByArchitecture({ variables, root }: Architecture): (name: string) => string {
  const byPath = new Map(variables.map(({ path, name }) => [path, name]));
  return (name) => {
    const full = byPath.get(name) ?? name;
    return full.startsWith(root) ? full.slice(root.length) : full;
  };
}

/** Compares two files by names, and by those of an architecture; `progress` is called before a tensor is read. */
export async function compareFiles(
  first: ComparedFile,
  second: ComparedFile,
  architecture: Architecture | undefined,
  progress: (done: number, all: number, name: string) => void = () => undefined,
): Promise<FileDifference> {
  const nameOf = architecture ? nameByArchitecture(architecture) : (name: string): string => name;
  const a = withNames(first, second, nameOf);
  const b = withOneName(a, withNames(second, first, nameOf));
  const [before, after] = [headersOf(a), headersOf(b)];
  const onlyIn = (own: ReadonlyMap<string, TensorHeader>, other: ReadonlyMap<string, TensorHeader>) =>
    [...own].filter(([name]) => !other.has(name)).map(([name, header]) => ({ name, ...header }));
  const changed: ChangedTensor[] = [];
  const unread: string[] = [];
  const pairs: [StoredTensor, StoredTensor][] = [];
  for (const [name, header] of before) {
    const other = after.get(name);
    if (other === undefined) continue;
    const [x, y] = [a.tensors.get(name), b.tensors.get(name)];
    if (!sameShape(header.shape, other.shape)) changed.push({ name, a: header, b: other });
    else if (x && y) pairs.push([x, y]);
    else if (header.dtype !== other.dtype || x || y) changed.push({ name, a: header, b: other });
    else unread.push(name);
  }
  const compared: ComparedTensor[] = [];
  for (const [x, y] of pairs) {
    progress(compared.length, pairs.length, x.name);
    const dtypes = { a: x.dtype, b: y.dtype };
    compared.push({ name: x.name, shape: x.shape, dtypes, distance: await distanceOf(x, y) });
  }
  return {
    added: onlyIn(after, before),
    missing: onlyIn(before, after),
    changed,
    compared: compared.sort(fartherFirst),
    unread,
  };
}
