// Programs over the kernels that write something aside while they run, for instances that run at the same time.
// Source: plain JavaScript, so that a worker of Node 20 runs the file as it is.
// @ts-check

/** @typedef {Record<string, (...values: number[]) => number>} Kernels */

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {number} bytes of the result
 * @property {(kernels: Kernels, out: number, workspace: number, input: number, shape: number) => void} run
 */

const INPUT_FLOATS = 65536;

/**
 * A program of a counter-based generator: the seed of a state, then a fill.
 * @param {string} name of the kernel
 * @param {number} bytes
 * @param {[string, ...number[]]} seed the kernel that seeds, and its arguments
 * @param {number[]} constants
 * @returns {Program}
 */
const fill = (name, bytes, [seedKernel, ...seed], ...constants) => ({
  name,
  bytes,
  run(kernels, out, workspace) {
    kernels[seedKernel]?.(workspace, ...seed);
    kernels[name]?.(out, bytes / 64, workspace, ...constants);
  },
});

/** @type {[string, ...number[]]} */
const PHILOX = ["philox_seed", 1, 2, 3, 4, 5];
/** @type {[string, ...number[]]} */
const THREEFRY = ["threefry_seed", 6, 7];

/** @type {Program[]} */
export const programs = [
  fill("philox_uniform_f32", 16384, PHILOX, 0, 2, -1),
  fill("philox_normal_f32", 16384, PHILOX, 0, 1, 0),
  fill("philox_truncated_normal_f32", 16384, PHILOX, 0, 1, 0),
  fill("philox_normal_f64", 4096, PHILOX, 0, 1, 0),
  fill("philox_truncated_normal_f64", 4096, PHILOX, 0, 1, 0),
  fill("threefry_uniform_f32", 16384, THREEFRY, 0, 0, 1, 0),
  fill("threefry_normal_f32", 16384, THREEFRY, 0, 0, 1, 0),
  {
    name: "mt19937_truncated_normal_f32",
    bytes: 4096,
    run(kernels, out, workspace) {
      const state = workspace + (kernels["stream_workspace"]?.() ?? 0);
      kernels["mt19937_seed"]?.(state, 42);
      kernels["mt19937_truncated_normal_f32"]?.(state, out, 256, 1, 0, workspace);
    },
  },
  {
    name: "gemm_f32",
    bytes: 4 * 70 * 61,
    run: (kernels, out, workspace, input) =>
      kernels["gemm_f32"]?.(70, 61, 300, input, 300, 1, input + 84000, 61, 1, 0, out, 61, workspace),
  },
  ...["conv2d_f32", "depthwise_conv2d_f32", "max_pool_f32", "avg_pool_f32"].map((name) => ({
    name,
    bytes: 4 * 2 * 14 * 14 * 6,
    run: (/** @type {Kernels} */ kernels, out = 0, workspace = 0, input = 0, shape = 0) =>
      name.includes("pool")
        ? kernels[name]?.(out, input, shape)
        : kernels[name]?.(out, input, input + 84000, shape, workspace, 0, 0, 0),
  })),
];

/**
 * Instantiates the binaries on `memory`, runs every program `rounds` times within the seven MiB from `base` on, and returns the bytes
 * that each gave, those of the round that first differed from the round before where there is one.
 * @param {readonly Program[]} list
 * @param {WebAssembly.Memory} memory
 * @param {number} base
 * @param {number} rounds
 * @param {readonly Uint8Array[]} binaries
 */
export function runPrograms(list, memory, base, rounds, binaries) {
  const parts = binaries.map(
    (bytes) => new WebAssembly.Instance(new WebAssembly.Module(bytes.slice()), { env: { memory } }),
  );
  const kernels = /** @type {Kernels} */ (Object.assign({}, ...parts.map(({ exports }) => exports)));
  const [input, shape, workspace, out] = [base, base + 2 ** 19, base + 2 ** 20, base + 6 * 2 ** 20];
  const floats = new Float32Array(memory.buffer, input, INPUT_FLOATS);
  for (let i = 0; i < INPUT_FLOATS; i++) floats[i] = Math.sin(i);
  new Uint32Array(memory.buffer, shape, 15).set([2, 14, 14, 6, 14, 14, 6, 3, 3, 1, 1, 1, 1, 1, 1]);
  /** @type {Uint8Array[]} */
  const results = [];
  /** @type {boolean[]} */
  const differs = [];
  for (let round = 0; round < rounds; round++) {
    list.forEach(({ bytes, run }, i) => {
      run(kernels, out, workspace, input, shape);
      const got = new Uint8Array(bytes);
      got.set(new Uint8Array(memory.buffer, out, bytes));
      if (!differs[i]) {
        differs[i] = results[i]?.some((byte, j) => byte !== got[j]) ?? false;
        results[i] = got;
      }
    });
  }
  return results;
}
