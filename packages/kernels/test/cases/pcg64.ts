// The PCG64 kernels: bit equality with the reference implementations, the state they leave included.

import type { KernelCase } from "../harness.ts";
import * as reference from "../reference/pcg64.ts";

// default_rng(42), with nothing kept and with a half word kept.
const seeded = [0x68860ac8, 0xacbc7c9d, 0x98798f2a, 0xcea44f67, 0x8d25abff, 0x66caf2e2, 0xc9a8416e, 0xfa505436];
const state = (): Uint32Array => Uint32Array.from([...seeded, 0, 0, 0, 0]);
const holding = (): Uint32Array => Uint32Array.from([...seeded, 0xdeadbeef, 0, 1, 0]);
const sizes = [0, 1, 2, 3, 64, 5000].map((n) => [n]);

const bounded = (range: number, start: () => Uint32Array): KernelCase => ({
  kernel: "pcg64_bounded_u32",
  sizes: [0, 1, 2, 3, 500].map((n) => [n]),
  arguments: (n = 0) => [new Uint32Array(n), n, start(), range],
  reference: reference.pcg64_bounded_u32,
  tolerance: 0,
});

export const pcg64Cases: readonly KernelCase[] = [
  {
    kernel: "pcg64_uniform_f64",
    sizes: [0, 1, 2, 3, 500].map((n) => [n]),
    arguments: (n = 0) => [new Float64Array(n), n, state(), 0.14, -0.03],
    reference: reference.pcg64_uniform_f64,
    tolerance: 0,
  },
  {
    kernel: "pcg64_normal_f64",
    // About 5 of 20,000 are drawn from the tail, 130 by the density.
    sizes: [...sizes, [20_000]],
    arguments: (n = 0) => [new Float64Array(n), n, state(), 0.11, 0.3],
    reference: reference.pcg64_normal_f64,
    tolerance: 0,
  },
  {
    kernel: "pcg64_truncated_normal_f64",
    sizes,
    arguments: (n = 0) => [new Float64Array(n), n, state(), 0.11, 0.3, 0.3 - 2 * 0.11, 0.3 + 2 * 0.11],
    reference: reference.pcg64_truncated_normal_f64,
    tolerance: 0,
  },
  bounded(0, state),
  bounded(1006, state),
  // Three quarters of 2^32: a quarter of the words is drawn again.
  bounded(0xc0000000, state),
  bounded(0xfffffffe, holding),
  bounded(0xffffffff, holding),
];
