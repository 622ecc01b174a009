// Makes the backend known to TensorFlow.js: a synchronous factory, tfjs-backend-cpu's kernels as fallbacks, ours before them.
// Source: kernel_registry.ts and globals.ts of tfjs-core 4.22.

import "@tensorflow/tfjs-backend-cpu";
import {
  instantiateNetwork,
  instantiateRelaxed,
  isRelaxedModule,
  type NetworkKernels,
  supportsRelaxedSimd,
} from "@fanin/kernels";
import { describeBriefly, describeValue, expectBoolean, expectInteger } from "@fanin/tensor/arguments";
import {
  findBackendFactory,
  type GradConfig,
  getGradient,
  getKernelsForBackend,
  type KernelConfig,
  type KernelFunc,
  registerBackend,
  registerKernel,
  removeBackend,
  type TensorInfo,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import { Arena } from "../runtime/arena.ts";
import { type BackendRuntime, FaninBackend } from "./backend.ts";
import { ensureGradient, gradientNames, hasGradient } from "./gradients.ts";
import { axesNormalizerOf } from "./kernels/axes.ts";
import { converted } from "./kernels/cast.ts";
import { kernels } from "./kernels/index.ts";
import { type Attributes, operandCheckOf } from "./kernels/operands.ts";
import { outputSizeCheckOf } from "./kernels/output-sizes.ts";
import { isPlanar, withExplicitPad } from "./kernels/windows.ts";

const PAGE = 65536;
const FIRST_PAGES = 16;
const MAX_PAGES = 65536;

/** The attributes of a call that has none. */
const NO_ATTRIBUTES: Attributes = {};

/** Options of {@link register}. */
export interface RegisterOptions {
  /** Whether results must be the same on every machine; without it fused multiply-adds are used where the engine has them. */
  readonly deterministic?: boolean | undefined;
  /** The compiled `@fanin/kernels/kernels.wasm` (or `kernels-relaxed.wasm`), where the platform forbids compiling from bytes. */
  readonly module?: WebAssembly.Module | undefined;
  /** The most bytes that tensors and kernels may take. Defaults to 4 GiB. */
  readonly memoryLimit?: number | undefined;
  /**
   * Whether gradients are TensorFlow's also where tfjs-core's own suite asserts others: of ties in `max` and `min`, of
   * `selu` at 0, of `mirrorPad`, of means over explicit padding, of dilated depthwise convolutions. Defaults to false.
   */
  readonly tensorflowGradients?: boolean | undefined;
  /** The backend's name; a second backend of another name has a memory of its own. */
  readonly name?: string | undefined;
}

/** Which of a backend's kernels run in WebAssembly, which in TypeScript, and which are tfjs-backend-cpu's. */
export interface KernelSupport {
  readonly kernelName: string;
  readonly support: "wasm" | "script" | "shared" | "fallback";
}

function expectName(value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`name: expected a string, got ${describeValue(value)}`);
  // TensorFlow.js splits registry keys at underscores, and would not find this backend's kernels.
  if (value === "" || value.includes("_")) {
    throw new RangeError(`name: expected a name without underscores, got ${describeValue(value)}`);
  }
  if (value === "cpu") throw new RangeError('name: expected another name than "cpu", whose kernels are the fallbacks');
  return value;
}

function makeRuntime(options: RegisterOptions, maximum: number, limit: number): BackendRuntime {
  const memory = new WebAssembly.Memory({ initial: Math.min(FIRST_PAGES, maximum), maximum });
  let instance: NetworkKernels;
  if (options.module !== undefined) instance = instantiateNetwork(memory, options.module);
  else if (options.deterministic || !supportsRelaxedSimd()) instance = instantiateNetwork(memory);
  else instance = instantiateRelaxed(memory);
  return { arena: new Arena(memory, instance.heap_base(), limit), kernels: instance };
}

/** tfjs-backend-cpu casts by renaming: its output may have the values of another dtype, which are converted here. */
function withOwnDtype(backend: FaninBackend, output: TensorInfo): TensorInfo {
  const own = converted(backend, output, output.dtype);
  if (!own) return output;
  backend.disposeData(output.dataId);
  return own;
}

/** Runs tfjs-backend-cpu's kernel on our storage. */
function fallbackOf(config: KernelConfig): KernelFunc {
  const { kernelFunc, kernelName } = config;
  return (parameters) => {
    const backend = parameters.backend as FaninBackend;
    backend.op = kernelName;
    const outputs = backend.runFallback(() => kernelFunc(parameters));
    return Array.isArray(outputs)
      ? outputs.map((output) => withOwnDtype(backend, output))
      : withOwnDtype(backend, outputs);
  };
}

/** The kernel as TensorFlow.js calls it: its operands are checked, and what it allocates besides its outputs is freed. */
function kernelFuncOf(config: KernelConfig): KernelFunc {
  const { kernelName } = config;
  const fallback = fallbackOf(config);
  const kernel = kernels.get(kernelName);
  const needsGradient = hasGradient(kernelName);
  let gradient: GradConfig | undefined;
  // Looked up once: a step of a small network is hundreds of kernels that take a microsecond each.
  const normalizeAxes = axesNormalizerOf(kernelName);
  const checkOperands = operandCheckOf(kernelName);
  const checkOutputSizes = outputSizeCheckOf(kernelName);
  const hasPads = isPlanar(kernelName);
  return ({ inputs, backend: any, attrs: given }) => {
    const backend = any as FaninBackend;
    backend.op = kernelName;
    let attrs = given;
    let outputs: TensorInfo | TensorInfo[] | undefined;
    try {
      backend.checkInputs(inputs);
      if (needsGradient && getGradient(kernelName) !== gradient) gradient = ensureGradient(kernelName);
      if (normalizeAxes) attrs = normalizeAxes(inputs, attrs);
      checkOperands?.(kernelName, inputs, (attrs ?? NO_ATTRIBUTES) as Attributes);
      checkOutputSizes?.(kernelName, inputs, (attrs ?? NO_ATTRIBUTES) as Attributes);
      if (hasPads) attrs = withExplicitPad(attrs);
      backend.beginKernel();
      outputs = kernel?.run(backend, inputs, attrs as never);
      outputs ??= fallback(attrs ? { inputs, backend, attrs } : { inputs, backend });
      return outputs;
    } finally {
      backend.endKernel(outputs);
    }
  };
}

/**
 * Registers the TensorFlow.js backend `fanin` and every kernel of it; `tf.setBackend("fanin")` then chooses it.
 *
 * Synchronous: tensors can be made in the next line. Registering again replaces the backend of that name, its tensors with it.
 *
 * @throws TypeError for options of another kind, such as a `module` that is not a WebAssembly.Module. RangeError for a memory limit
 *   that does not hold the kernels, a name with an underscore, another .wasm, with the first kernel that it lacks, and the relaxed
 *   .wasm together with `deterministic`.
 * @example
 * import * as tf from "@tensorflow/tfjs-core";
 * import { register } from "@fanin/core/tfjs";
 *
 * register();
 * await tf.setBackend("fanin");
 */
export function register(options: RegisterOptions = {}): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`options: expected an object such as { module }, got ${describeBriefly(options)}`);
  }
  for (const flag of ["deterministic", "tensorflowGradients"] as const) {
    if (options[flag] !== undefined) expectBoolean(flag, options[flag]);
  }
  const name = expectName(options.name ?? "fanin");
  const limit = options.memoryLimit ?? MAX_PAGES * PAGE;
  expectInteger("memoryLimit", limit, 1, MAX_PAGES * PAGE);
  const maximum = Math.ceil(limit / PAGE);
  if (maximum < FIRST_PAGES) {
    throw new RangeError(`memoryLimit: expected at least ${FIRST_PAGES * PAGE} bytes, got ${limit}`);
  }
  // A wrong file is refused here, not when the backend is first used.
  if (options.module !== undefined) {
    instantiateNetwork(new WebAssembly.Memory({ initial: FIRST_PAGES }), options.module);
    if (options.deterministic && isRelaxedModule(options.module)) {
      throw new RangeError(
        "module: expected deterministic kernels, got kernels-relaxed.wasm: compile kernels.wasm, or leave out deterministic",
      );
    }
  }
  if (findBackendFactory(name)) removeBackend(name);
  for (const config of getKernelsForBackend(name)) unregisterKernel(config.kernelName, name);
  let runtime: BackendRuntime | undefined;
  let latest: FaninBackend | undefined;
  const factory = () => {
    // Backends of one name take turns on one memory, so that a reset of TensorFlow.js costs no new one.
    if (!runtime || latest?.isDisposed === false) runtime = makeRuntime(options, maximum, limit);
    latest = new FaninBackend(runtime, options.tensorflowGradients === true);
    return latest;
  };
  registerBackend(name, factory, 4);
  for (const kernelName of Object.values(gradientNames).flat()) ensureGradient(kernelName);
  for (const config of getKernelsForBackend("cpu")) {
    registerKernel({
      kernelName: config.kernelName,
      backendName: name,
      kernelFunc: kernelFuncOf(config),
      ...(config.setupFunc ? { setupFunc: config.setupFunc } : {}),
      ...(config.disposeFunc ? { disposeFunc: config.disposeFunc } : {}),
    });
  }
}

/**
 * Every kernel that {@link register} registers, in alphabetical order, and where it runs.
 *
 * @example
 * register();
 * kernelSupport().find(({ kernelName }) => kernelName === "Relu")?.support; // => 'wasm'
 */
export function kernelSupport(): KernelSupport[] {
  return getKernelsForBackend("cpu")
    .map(({ kernelName }) => ({ kernelName, support: kernels.get(kernelName)?.support ?? ("fallback" as const) }))
    .sort((a, b) => (a.kernelName < b.kernelName ? -1 : 1));
}
