// The TensorFlow.js backend over the kernels' memory. It owns storage and reference counts; kernels are in kernels/.
// One file: KernelBackend and MathBackendCPU ask for some thirty methods of one object, most of them a line or two.
// Source: KernelBackend of tfjs-core 4.22, and the members of MathBackendCPU that tfjs-backend-cpu's kernels use.

import type { NetworkKernels as Kernels } from "@fanin/kernels";
import { describeBriefly } from "@fanin/tensor/arguments";
import {
  type BackendTimingInfo,
  backend_util,
  buffer,
  type DataId,
  type DataType,
  engine,
  KernelBackend,
  kernel_impls,
  type NamedTensorInfoMap,
  type Rank,
  type Tensor,
  type Tensor2D,
  type TensorBuffer,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import type { Arena } from "../runtime/arena.ts";
import { bytesPerElement, TensorData, type Values } from "./tensor-data.ts";

/** The words of the descriptor block: a window or broadcast descriptor of any rank that TensorFlow.js has. */
const DESCRIPTOR_WORDS = 64;

/** Up to here values are copied one by one; V8 keeps such small arrays without a buffer, which asking for would make. */
const FEW = 16;

/** What TensorFlow.js has; anything else has no values here. */
const DTYPES: ReadonlySet<string> = new Set(["float32", "int32", "bool", "complex64", "string"]);

function refuseShape(op: string, shape: readonly number[], n: number): never {
  const reason = n < 0 ? "; a window or a slice larger than its input gives a negative dimension" : "";
  throw new RangeError(
    `${op}: expected dimensions that are integers >= 0, got the shape ${describeBriefly(shape)}${reason}`,
  );
}

/**
 * How many values a tensor of `shape` has.
 *
 * @throws RangeError for a dimension that is no integer from 0 to 2^32 - 1.
 */
function sizeOf(op: string, shape: readonly number[]): number {
  let size = 1;
  // A counted loop: one over the elements skips holes.
  for (let d = 0; d < shape.length; d++) {
    const n = shape[d] as number;
    // A word of a descriptor, and nothing else, equals itself as an unsigned integer of 32 bits.
    if (n >>> 0 !== n) refuseShape(op, shape, n);
    size *= n;
  }
  return size;
}

/** The error of an allocation with the kernel's name before its message. */
const withOp = (op: string, error: unknown): unknown =>
  error instanceof RangeError ? new RangeError(`${op}: ${error.message}`) : error;

/** What `tf.memory()` says of this backend, beside TensorFlow.js's own counts. */
export interface BackendMemory {
  unreliable: boolean;
  reasons?: string[];
  /** Bytes of the whole heap, which never shrinks. */
  numBytesInHeap: number;
  /** Bytes in live blocks, rounded up to size classes. */
  numBytesInUse: number;
  /** Bytes freed below the highest block, for reuse: those at the end of the heap are not counted. */
  numBytesFree: number;
  /** The share of the heap below its highest block that is free. */
  fragmentation: number;
}

/** Where the kernels run: their memory, its allocator and the instance on it. */
export interface BackendRuntime {
  readonly arena: Arena;
  readonly kernels: Kernels;
}

/** The lookup that tfjs-backend-cpu's kernels do by `backend.data`. */
interface DataLookup {
  get(dataId: DataId): TensorData;
  has(dataId: DataId): boolean;
}

/**
 * A synchronous backend whose numbers live in WebAssembly memory.
 *
 * Kernels take `pointer`s by {@link FaninBackend.get} and make outputs by {@link FaninBackend.make}; a fallback runs inside
 * {@link FaninBackend.runFallback}, which keeps that memory from growing under the views it holds.
 *
 * @example
 * import { backend, setBackend } from "@tensorflow/tfjs-core";
 * register();
 * await setBackend("fanin");
 * backend() instanceof FaninBackend; // => true
 */
export class FaninBackend extends KernelBackend {
  readonly arena: Arena;
  readonly kernels: Kernels;
  readonly data: DataLookup;
  /** Rows of a block in tfjs-backend-cpu's BatchMatMul. */
  readonly blockSize = 48;
  /** The kernel that runs, for error messages. */
  op = "tensor";
  /** Scratch for descriptors of shapes. */
  readonly descriptor: number;
  readonly #moved = new WeakMap<object, TensorData>();
  #count = 0;
  #disposed = false;
  #workspace = 0;
  #words: Uint32Array;
  #fallbacks = 0;
  #pending: TensorData[] = [];
  /** Whether a kernel runs, and what it has made so far: the first by itself, since most kernels make one tensor. */
  #isRunning = false;
  #firstMade: TensorData | undefined;
  #laterMade: TensorData[] = [];
  /** Which other tensors it has counted references of, and how many they had. */
  #touched: Map<TensorData, number> | undefined;
  readonly #few = new Float64Array(FEW);

  /** Whether gradients are TensorFlow's also where tfjs-core's suite asserts others. */
  readonly tensorflowGradients: boolean;

  constructor(runtime: BackendRuntime, tensorflowGradients = false) {
    super();
    this.tensorflowGradients = tensorflowGradients;
    this.arena = runtime.arena;
    this.kernels = runtime.kernels;
    this.data = { get: (dataId) => this.get(dataId), has: (dataId) => this.#find(dataId) !== undefined };
    this.descriptor = this.arena.alloc(DESCRIPTOR_WORDS * 4);
    this.#words = this.arena.u32(this.descriptor, DESCRIPTOR_WORDS);
  }

  /** Whether `dispose` was called: the memory may then belong to another backend. */
  get isDisposed(): boolean {
    return this.#disposed;
  }

  /** The descriptor block as words, taken anew where the memory grew. */
  get words(): Uint32Array {
    if (this.#words.length === 0) this.#words = this.arena.u32(this.descriptor, DESCRIPTOR_WORDS);
    return this.#words;
  }

  /**
   * The values of `dataId`, moved here first if another backend has them.
   *
   * @throws Error if the tensor was disposed.
   */
  get(dataId: DataId): TensorData {
    if (dataId instanceof TensorData && dataId.owner === this) return dataId;
    const found = this.#find(dataId);
    if (found) return found;
    const info = engine().state.tensorInfo.get(dataId);
    // A tensor that is said to be here and is not was lost when the heap was used up.
    if (!info || info.backend === this) throw new Error(`${this.op}: a tensor that was disposed is used`);
    engine().moveData(this, dataId);
    return this.#find(dataId) as TensorData;
  }

  /** The address of the values of `info`. */
  pointer(info: TensorInfo): number {
    return this.get(info.dataId).pointer;
  }

  /**
   * A new tensor, its values not defined.
   *
   * @throws RangeError for a shape with a dimension that is no integer >= 0, before anything is allocated.
   */
  make(shape: number[], dtype: DataType): TensorInfo {
    const data = this.#record(shape, dtype);
    this.#place(data, this.op);
    return { dataId: data, shape, dtype };
  }

  /** A tensor that shares the values of `info`, as many as `shape` has. */
  share(info: TensorInfo, shape: number[]): TensorInfo {
    const data = this.get(info.dataId);
    const size = sizeOf(this.op, shape);
    if (size !== data.size) {
      throw new RangeError(`${this.op}: expected a shape of ${data.size} values, got [${shape}], which has ${size}`);
    }
    data.refCount++;
    return { dataId: info.dataId, shape, dtype: info.dtype };
  }

  /** Notes what is made from here on as the outputs of the kernel that runs. */
  beginKernel(): void {
    this.#isRunning = true;
  }

  /**
   * Ends what `beginKernel` began: frees the scratch and whatever the kernel made besides its outputs, which are none if it
   * failed. Some kernels of tfjs-backend-cpu forget their intermediate results.
   */
  endKernel(outputs: TensorInfo | TensorInfo[] | undefined): void {
    this.op = "tensor";
    if (this.#workspace !== 0) this.#releaseWorkspace();
    if (!this.#isRunning) return;
    this.#isRunning = false;
    const first = this.#firstMade;
    this.#firstMade = undefined;
    if (this.#touched === undefined && this.#laterMade.length === 0) {
      if (first === undefined || (outputs as TensorInfo | undefined)?.dataId === first) return;
    }
    const made = first === undefined ? [] : [first, ...this.#laterMade];
    this.#laterMade = [];
    this.#settleReferences(made, outputs === undefined ? [] : Array.isArray(outputs) ? outputs : [outputs]);
  }

  #settleReferences(made: readonly TensorData[], list: readonly TensorInfo[]): void {
    const touched = this.#touched;
    this.#touched = undefined;
    if (!touched && list.length === made.length && list.every(({ dataId }, i) => dataId === made[i])) return;
    const parts = new Set<DataId>();
    const references = new Map<DataId, number>();
    for (const { dataId } of list) {
      references.set(dataId, (references.get(dataId) ?? 0) + 1);
      const complex = this.#find(dataId)?.complexTensorInfos;
      if (complex) parts.add(complex.real.dataId).add(complex.imag.dataId);
    }
    for (const data of made) {
      if (data.owner !== this || parts.has(data)) continue;
      data.refCount = references.get(data) ?? 0;
      if (data.refCount === 0) this.#release(data);
    }
    for (const [data, before] of touched ?? []) {
      if (data.owner === this) data.refCount = Math.min(data.refCount, before + (references.get(data) ?? 0));
    }
  }

  /**
   * Refuses inputs that a kernel must not see: disposed ones, and those whose shape or dtype is not that of their values. Values
   * that another backend has come here first, so that no view is detached later.
   */
  checkInputs(inputs: NamedTensorInfoMap): void {
    for (const name in inputs) {
      const input: TensorInfo | null | undefined = inputs[name];
      if (input === undefined || input === null) continue;
      const { dataId, shape, dtype } = input;
      if (dataId === undefined && Array.isArray(input)) {
        this.checkInputs(input as unknown as NamedTensorInfoMap); // a list, as RaggedGather has
        continue;
      }
      const data = this.get(dataId);
      const size = sizeOf(this.op, shape);
      if (size === data.size && dtype === data.dtype) continue;
      throw new RangeError(
        `${this.op}: ${name}: expected ${data.size} values of ${data.dtype}, got ${size} of ${dtype}, the shape [${shape}]`,
      );
    }
  }

  /** At least `bytes` bytes of scratch, valid until the next call or the end of the kernel. */
  workspace(bytes: number): number {
    if (this.#workspace !== 0) this.#releaseWorkspace();
    try {
      this.#workspace = this.arena.alloc(bytes);
    } catch (error) {
      throw withOp(`${this.op} (workspace)`, error);
    }
    return this.#workspace;
  }

  /**
   * Runs a kernel written for typed arrays. What it writes stays outside the kernels' memory until it returns, so that
   * this memory does not grow, which would detach the views that the kernel holds.
   */
  runFallback<T>(kernel: () => T): T {
    this.#fallbacks++;
    try {
      return kernel();
    } finally {
      if (--this.#fallbacks === 0) this.#settle();
    }
  }

  override write(values: Values, shape: number[], dtype: DataType): DataId {
    const data = this.#record(shape, dtype);
    this.#fill(data, values);
    return data;
  }

  override move(dataId: DataId, values: Values, shape: number[], dtype: DataType, refCount: number): void {
    const data = this.#record(shape, dtype);
    if (dtype === "complex64") {
      const { real, imag } = backend_util.splitRealAndImagArrays(values as Float32Array);
      data.complexTensorInfos = {
        real: this.makeTensorInfo(shape, "float32", real),
        imag: this.makeTensorInfo(shape, "float32", imag),
      };
    } else {
      this.#fill(data, values);
    }
    data.refCount = refCount;
    this.#moved.set(dataId, data);
  }

  /** A tensor of `values`; strings may come as text. */
  makeTensorInfo(shape: number[], dtype: DataType, values?: Values | string[]): TensorInfo {
    if (dtype === "string" && values && values.length > 0 && util.isString(values[0] as string)) {
      const encoded = (values as string[]).map((text) => util.encodeString(text));
      return { dataId: this.write(encoded, shape, dtype), shape, dtype };
    }
    return { dataId: this.write(values as Values, shape, dtype), shape, dtype };
  }

  override readSync(dataId: DataId): Values {
    if (this.#disposed) throw new Error("a tensor is read whose backend was disposed");
    const data = this.get(dataId);
    if (data.complexTensorInfos) {
      const { real, imag } = data.complexTensorInfos;
      return backend_util.mergeRealAndImagArrays(
        this.readSync(real.dataId) as Float32Array,
        this.readSync(imag.dataId) as Float32Array,
      );
    }
    if (data.held) return util.convertBackendValuesAndArrayBuffer(data.held, data.dtype) as Values;
    return (data.values as Float32Array).slice();
  }

  /** Read at once, so that a tensor may be disposed while its promise waits. */
  override async read(dataId: DataId): Promise<Values> {
    return this.readSync(dataId);
  }

  bufferSync<R extends Rank, D extends DataType>(info: TensorInfo): TensorBuffer<R, D> {
    const values = this.readSync(info.dataId);
    const decoded =
      info.dtype === "string" ? (values as Uint8Array[]).map((bytes) => util.decodeString(bytes)) : values;
    return buffer(info.shape as never, info.dtype, decoded as never) as unknown as TensorBuffer<R, D>;
  }

  makeOutput<T extends Tensor>(values: Values, shape: number[], dtype: DataType): T {
    const info = this.makeTensorInfo(shape, dtype, values);
    return engine().makeTensorFromTensorInfo(info, this) as T;
  }

  where(condition: Tensor): Tensor2D {
    return kernel_impls.whereImpl(condition.shape, this.readSync(condition.dataId) as Uint8Array);
  }

  override refCount(dataId: DataId): number {
    return this.#find(dataId)?.refCount ?? 0;
  }

  override incRef(dataId: DataId): void {
    const data = this.get(dataId);
    if (this.#isRunning && this.#firstMade !== data && !this.#laterMade.includes(data)) {
      this.#touched ??= new Map();
      if (!this.#touched.has(data)) this.#touched.set(data, data.refCount);
    }
    data.refCount++;
  }

  decRef(dataId: DataId): void {
    const data = this.#find(dataId);
    if (data) data.refCount--;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const data = this.#find(dataId);
    if (!data || this.#disposed) return true;
    if (--data.refCount > 0 && !force) return false;
    if (data.complexTensorInfos) {
      this.disposeData(data.complexTensorInfos.real.dataId, true);
      this.disposeData(data.complexTensorInfos.imag.dataId, true);
    }
    this.#release(data);
    if (data !== dataId) this.#moved.delete(dataId);
    return true;
  }

  disposeIntermediateTensorInfo(info: TensorInfo): void {
    this.disposeData(info.dataId);
  }

  override numDataIds(): number {
    return this.#count;
  }

  override memory(): BackendMemory {
    const { allocated, free, memory } = this.arena.use();
    return {
      unreliable: false,
      numBytesInHeap: memory,
      numBytesInUse: allocated,
      numBytesFree: free,
      fragmentation: free === 0 ? 0 : free / (allocated + free),
    };
  }

  override async time(body: () => void): Promise<BackendTimingInfo> {
    const start = util.now();
    body();
    return { kernelMs: util.now() - start };
  }

  override timerAvailable(): boolean {
    return true;
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  /** Frees every tensor at once; their values are gone. */
  override dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#count = 0;
    this.#workspace = 0;
    this.arena.reset();
  }

  #releaseWorkspace(): void {
    const block = this.#workspace;
    this.#workspace = 0;
    this.arena.free(block);
  }

  #find(dataId: DataId): TensorData | undefined {
    const data = dataId instanceof TensorData && dataId.owner === this ? dataId : this.#moved.get(dataId);
    return data?.owner === this ? data : undefined;
  }

  #record(shape: number[], dtype: DataType): TensorData {
    if (!DTYPES.has(dtype)) {
      throw new TypeError(
        `${this.op}: dtype: expected one of ${[...DTYPES].join(", ")}, got ${describeBriefly(dtype)}`,
      );
    }
    const data = new TensorData(this, dtype, sizeOf(this.op, shape));
    this.#count++;
    if (this.#isRunning) {
      if (this.#firstMade === undefined) this.#firstMade = data;
      else this.#laterMade.push(data);
    }
    return data;
  }

  #release(data: TensorData): void {
    if (data.pointer) this.arena.free(data.pointer);
    data.pointer = 0;
    data.held = null;
    data.owner = null;
    this.#count--;
  }

  /** Gives `data` its block; where there is none left, the record is taken back. */
  #place(data: TensorData, op: string): void {
    try {
      data.pointer = this.arena.alloc(data.size * bytesPerElement(data.dtype));
    } catch (error) {
      this.#release(data);
      throw withOp(op, error);
    }
  }

  #fill(data: TensorData, given: Values | null | undefined): void {
    const inMemory = bytesPerElement(data.dtype) > 0;
    if (given !== null && given !== undefined && given.length !== data.size && data.dtype !== "complex64") {
      this.#release(data);
      throw new RangeError(`${this.op}: expected ${data.size} values of ${data.dtype}, got ${given.length}`);
    }
    const isFew = given !== null && given !== undefined && given.length <= FEW;
    if (isFew && this.#fallbacks === 0 && inMemory) {
      this.#fillFew(data, given as ArrayLike<number>);
      return;
    }
    // A view of our own memory would be detached by the growth that an allocation may bring.
    const ours = ArrayBuffer.isView(given) && given.buffer === this.arena.buffer;
    const values = ours ? (given as Float32Array).slice() : given;
    if (!inMemory) {
      data.held = values ?? null;
    } else if (this.#fallbacks > 0 && values) {
      data.held = values;
      this.#pending.push(data);
    } else {
      this.#place(data, this.#fallbacks > 0 ? this.op : "tensor");
      // Where none are given they are zeros, not what a freed tensor left.
      if (values) (data.values as Float32Array).set(values as Float32Array);
      else (data.values as Float32Array).fill(0);
    }
  }

  /** The same for a few numbers, which are put aside while memory may grow. */
  #fillFew(data: TensorData, given: ArrayLike<number>): void {
    const few = this.#few;
    const count = given.length;
    for (let i = 0; i < count; i++) few[i] = given[i] as number;
    this.#place(data, "tensor");
    if (count === 1 && data.dtype === "float32") {
      this.kernels.fill_f32(data.pointer, 1, few[0] as number); // without a view, which takes longer than the kernel
      return;
    }
    const values = data.values as Float32Array;
    for (let i = 0; i < count; i++) values[i] = few[i] as number;
  }

  /** Hands what fallbacks wrote over to the kernels' memory. */
  #settle(): void {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    for (const [i, data] of pending.entries()) {
      const values = data.held;
      if (data.owner !== this || !values) continue;
      data.held = null;
      try {
        this.#place(data, this.op);
      } catch (error) {
        // The kernel failed as a whole: nothing of what it wrote can be reached.
        for (const other of pending.slice(i + 1)) if (other.owner === this) this.#release(other);
        throw error;
      }
      (data.values as Float32Array).set(values as Float32Array);
    }
  }
}
