// Runs a kernel against its slow reference: same arguments, in WebAssembly memory between guard bytes, at every alignment.

import { instantiate, type Kernels } from "../src/index.ts";
import { instantiateOn } from "../src/instantiate-on.ts";

export type KernelName = keyof Kernels;
export type Arrays = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;
export type Argument = Arrays | number;

/** Memory that a kernel uses as it needs: the test checks its bounds, not its contents. */
export class Workspace extends Uint8Array {}

/** One kernel with the arguments, sizes and tolerance of its test. */
export interface KernelCase {
  readonly kernel: KernelName;
  /** What the sizes are chosen around. */
  readonly sizes: readonly (readonly number[])[];
  /** The kernel's arguments for one of the sizes; an array stands for a pointer to it. */
  readonly arguments: (...size: number[]) => Argument[];
  /** The same computation in plain JavaScript, on the arrays themselves. */
  readonly reference: (...parameters: never[]) => number | undefined;
  /** Pairs of positions of arrays that may be the same memory. */
  readonly inPlace?: readonly (readonly [number, number])[];
  /** The largest difference allowed, relative to 1 + |expected|; 0 is bit equality. */
  readonly tolerance: number;
  /** In place of the tolerance: the largest difference allowed for each element of some arguments. */
  readonly errorBounds?: (...parameters: never[]) => ReadonlyMap<Arrays, Float64Array>;
  /** Why the tolerance is not 0. */
  readonly why?: string;
}

const GUARD = 64;
const GUARD_BYTE = 0xa5;

/** One of the binaries on a memory of its own. */
export interface Binary {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
}

/** The module `bytes` on a memory of its own; without `bytes` both embedded deterministic binaries on one memory. */
export function load(bytes?: BufferSource): Binary {
  const memory = new WebAssembly.Memory({ initial: 256 });
  if (!bytes) return { memory, kernels: instantiate(memory) };
  return { memory, kernels: instantiateOn(memory, new WebAssembly.Module(bytes)) as unknown as Kernels };
}

const deterministic: Binary = load();
export const { memory, kernels } = deterministic;

/** The workspace of a kernel of streams, as `fill` leaves it; its reference reads the state of the generator in it. */
export function workspaceOf(fill?: (state: Uint8Array) => void): Workspace {
  const workspace = new Workspace(kernels.stream_workspace());
  fill?.(workspace);
  return workspace;
}

/** The case of a kernel that writes a state of `bytes` bytes from a counter or key. */
export function seedCase(
  kernel: KernelName,
  bytes: number,
  words: readonly number[],
  reference: KernelCase["reference"],
): KernelCase {
  return { kernel, sizes: [[]], arguments: () => [new Uint8Array(bytes), ...words], reference, tolerance: 0 };
}

/** Where to put the arrays: byte offset from 16-byte alignment, and which of them share memory. */
export interface Placement {
  readonly misalignment: number;
  readonly shared?: readonly [number, number] | undefined;
  /** The position of an argument that ends where the memory ends, so that a read beyond it traps. */
  readonly atEnd?: number;
}

const isArray = (argument: Argument | undefined): argument is Arrays => typeof argument === "object";

/** What a reference implementation made of its arguments, and the arguments as they were. */
interface Answer {
  readonly parameters: readonly Argument[];
  readonly inputs: ReadonlyMap<Arrays, Uint8Array>;
  readonly returned: number;
  readonly bounds: ReadonlyMap<Arrays, Float64Array> | undefined;
}

/** The answers of one case: a reference takes longer than its kernel, and its answer does not depend on the placement. */
let answers: { readonly test: KernelCase; readonly bySize: Map<string, Answer> } | undefined;

function answerOf(test: KernelCase, size: readonly number[], shared: readonly number[]): Answer {
  if (answers?.test !== test) answers = { test, bySize: new Map() };
  const key = `${size} ${shared}`;
  let answer = answers.bySize.get(key);
  if (answer === undefined) {
    const parameters = test.arguments(...size);
    const [target, source] = shared;
    if (target !== undefined && source !== undefined) parameters[target] = parameters[source] as Arrays;
    const inputs = new Map(
      parameters
        .filter(isArray)
        .map((array) => [array, new Uint8Array(array.buffer, array.byteOffset, array.byteLength).slice()]),
    );
    type Bounds = (...values: Argument[]) => ReadonlyMap<Arrays, Float64Array>;
    const bounds = (test.errorBounds as Bounds | undefined)?.(...parameters);
    const returned = (test.reference as (...values: Argument[]) => number | undefined)(...parameters) ?? 0;
    answer = { parameters, inputs, returned, bounds };
    answers.bySize.set(key, answer);
  }
  return answer;
}

/** The differences found, as sentences; a correct kernel has none. */
export function differences(
  test: KernelCase,
  size: readonly number[],
  placement: Placement,
  { memory, kernels }: Binary = deterministic,
): string[] {
  const { parameters, inputs, returned: expected, bounds } = answerOf(test, size, placement.shared ?? []);
  const bytes = new Uint8Array(memory.buffer);
  const placed = new Map<Arrays, number>();
  let next = Math.ceil(kernels.heap_base() / 64) * 64;
  parameters.forEach((argument, i) => {
    if (!isArray(argument) || placed.has(argument)) return;
    const shift = placement.misalignment % argument.BYTES_PER_ELEMENT === 0 ? placement.misalignment : 0;
    const at = i === placement.atEnd ? bytes.length - argument.byteLength : next + GUARD + shift;
    bytes.fill(GUARD_BYTE, at - GUARD - shift, at + argument.byteLength + GUARD + 16);
    bytes.set(inputs.get(argument) ?? [], at);
    placed.set(argument, at);
    if (i !== placement.atEnd) next = Math.ceil((at + argument.byteLength + GUARD) / 16) * 16;
  });

  const call = kernels[test.kernel] as (...values: number[]) => number | undefined;
  const returned = call(...parameters.map((argument) => (isArray(argument) ? (placed.get(argument) ?? 0) : argument)));

  const found: string[] = [];
  compareValues(found, "returned", [returned ?? 0], [expected], test.tolerance);
  for (const [array, at] of placed) {
    const Kind = array.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => Arrays;
    const copy = memory.buffer.slice(at, at + array.byteLength);
    const name = `argument ${parameters.indexOf(array)}`;
    if (!(array instanceof Workspace)) {
      compareValues(found, name, new Kind(copy, 0, array.length), array, bounds?.get(array) ?? test.tolerance);
    }
    const guards = [
      bytes.subarray(at - GUARD, at),
      bytes.subarray(at + array.byteLength, at + array.byteLength + GUARD),
    ];
    if (guards.some((guard) => guard.some((byte) => byte !== GUARD_BYTE))) found.push(`${name}: wrote outside`);
  }
  return found;
}

function compareValues(
  found: string[],
  name: string,
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  tolerance: number | Float64Array,
): void {
  for (let i = 0; i < want.length; i++) {
    const a = got[i] ?? 0;
    const b = want[i] ?? 0;
    const allowed = typeof tolerance === "number" ? tolerance * (1 + Math.abs(b)) : (tolerance[i] ?? 0);
    if (!Object.is(a, b) && !(allowed > 0 && Math.abs(a - b) <= allowed)) {
      found.push(`${name}[${i}]: got ${a}, expected ${b}`);
      return;
    }
  }
}

/** Plain reproducible test data: floats in [low, high), the same for the same length. */
export function floats(length: number, low = -2, high = 2): Float32Array {
  let state = 12345 + length;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return low + ((high - low) * state) / 2 ** 32;
  });
}

/**
 * How far a float32 sum of products may be from the exact one: (terms + 3) u times the sum of the magnitudes, for sums in any
 * order, one more addition and bias, and the rounding of the result. u is the unit roundoff, 2^-24.
 */
export function sumBounds(terms: number, magnitudes: Float64Array): Float64Array {
  return magnitudes.map((magnitude) => (terms + 3) * 2 ** -24 * magnitude);
}

/** Reproducible integers in [0, below). */
export function integers(length: number, below: number): Uint32Array {
  return Uint32Array.from(floats(length, 0, below), Math.floor);
}

/** Lengths 0 .. 3 tiles + 1. */
export function lengths(tile: number): number[][] {
  return Array.from({ length: 3 * tile + 2 }, (_, n) => [n]);
}
