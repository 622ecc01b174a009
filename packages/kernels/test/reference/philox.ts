// Reference implementations of the Philox kernels: one block, one value at a time, in BigInt and Math.fround.

import { bitsOf, f32, floatOf } from "./floats.ts";

const mask = 0xffffffffn;

/** One block of Philox4x32-10. */
export function philoxBlock(counter: readonly number[], key: readonly number[]): number[] {
  let c = counter.map(BigInt);
  let [k0 = 0n, k1 = 0n] = key.map(BigInt);
  for (let round = 0; round < 10; round++) {
    const [c0 = 0n, c1 = 0n, c2 = 0n, c3 = 0n] = c;
    const p0 = 0xd2511f53n * c0;
    const p1 = 0xcd9e8d57n * c2;
    c = [(p1 >> 32n) ^ c1 ^ k0, p1 & mask, (p0 >> 32n) ^ c3 ^ k1, p0 & mask];
    k0 = (k0 + 0x9e3779b9n) & mask;
    k1 = (k1 + 0xbb67ae85n) & mask;
  }
  return c.map(Number);
}

function unit(x: number): number {
  return f32(floatOf((x & 0x7fffff) | 0x3f800000) - 1);
}

function hex(text: string): number {
  const [, sign, lead, digits = "", exponent] = /^(-?)0x([01])\.?([0-9a-f]*)p([+-]\d+)$/.exec(text) ?? [];
  const value = (Number(lead) + Number(`0x${digits || 0}`) / 16 ** digits.length) * 2 ** Number(exponent);
  return sign ? -value : value;
}

const logTable = `0x1.661ec79f8f3bep+0,-0x1.57bf7808caadep-2 0x1.571ed4aaf883dp+0,-0x1.2bef0a7c06ddbp-2
0x1.49539f0f010bp+0,-0x1.01eae7f513a67p-2 0x1.3c995b0b80385p+0,-0x1.b31d8a68224e9p-3
0x1.30d190c8864a5p+0,-0x1.6574f0ac07758p-3 0x1.25e227b0b8eap+0,-0x1.1aa2bc79c81p-3
0x1.1bb4a4a1a343fp+0,-0x1.a4e76ce8c0e5ep-4 0x1.12358f08ae5bap+0,-0x1.1973c5a611cccp-4
0x1.0953f419900a7p+0,-0x1.252f438e10c1ep-5 0x1p+0,0x0p+0
0x1.e608cfd9a47acp-1,0x1.aa5aa5df25984p-5 0x1.ca4b31f026aap-1,0x1.c5e53aa362eb4p-4
0x1.b2036576afce6p-1,0x1.526e57720db08p-3 0x1.9c2d163a1aa2dp-1,0x1.bc2860d22477p-3
0x1.886e6037841edp-1,0x1.1058bc8a07ee1p-2 0x1.767dcf5534862p-1,0x1.4043057b6ee09p-2`
  .split(/\s+/)
  .map((row) => row.split(",").map(hex));

function logf(x: number): number {
  const ix = bitsOf(x);
  if (ix === 0x3f800000) return 0;
  const shifted = ix - 0x3f330000;
  const [invc = 0, logc = 0] = logTable[(shifted >>> 19) & 15] ?? [];
  const r = floatOf(ix - (shifted & 0xff800000)) * invc - 1;
  const y0 = logc + (shifted >> 23) * hex("0x1.62e42fefa39efp-1");
  const r2 = r * r;
  let y = hex("0x1.5575b0be00b6ap-2") * r + hex("-0x1.ffffef20a4123p-2");
  y = hex("-0x1.00ea348b88334p-2") * r2 + y;
  return f32(y * r2 + (y0 + r));
}

const [C1, C2, C3, C4] = [
  hex("-0x1.ffffffd0c621cp-2"),
  hex("0x1.55553e1068f19p-5"),
  hex("-0x1.6c087e89a359dp-10"),
  hex("0x1.99343027bf8c3p-16"),
];
const [S1, S2, S3] = [hex("-0x1.555545995a603p-3"), hex("0x1.1107605230bc4p-7"), hex("-0x1.994eb3774cf24p-13")];

/** sinf and cosf with every early return of the original. */
export function sincosf(v: number): [number, number] {
  const top = (bitsOf(v) >>> 20) & 0x7ff;
  if (top < 0x398) return [v, 1];
  let x = v;
  let n = 0;
  if (top >= 0x3f4) {
    n = (Math.trunc(x * hex("0x1.45f306dc9c883p+23")) + 0x800000) >> 24;
    x -= n * hex("0x1.921fb54442d18p+0");
  }
  const xs = x * ([1, -1, -1, 1][n & 3] ?? 1);
  const x2 = x * x;
  const x4 = x2 * x2;
  const x3 = x2 * xs;
  const sign = n & 2 ? -1 : 1;
  const s = f32(xs + x3 * S1 + x3 * x2 * (S2 + x2 * S3));
  const c = f32(sign * (1 + x2 * C1 + x4 * C2 + x4 * x2 * (C3 + x2 * C4)));
  return n & 1 ? [c, s] : [s, c];
}

function boxMuller(x0: number, x1: number): [number, number] {
  const u1 = Math.max(unit(x0), f32(1e-7));
  const v1 = f32(2 * Math.PI * unit(x1));
  const u2 = f32(Math.sqrt(f32(-2 * logf(u1))));
  const [s, c] = sincosf(v1);
  return [f32(s * u2), f32(c * u2)];
}

/** The words 1, 2 and 3 of the counter, and the key, in a state of `philox_seed`: each word stands there four times. */
function readState(state: Uint8Array): { upper: number[]; key: number[] } {
  const words = new Uint32Array(state.buffer, state.byteOffset, 20);
  return { upper: [0, 4, 8].map((i) => words[i] as number), key: [12, 16].map((i) => words[i] as number) };
}

export function philox_seed(
  state: Uint8Array,
  c1: number,
  c2: number,
  c3: number,
  key0: number,
  key1: number,
): undefined {
  const words = new Uint32Array(state.buffer, state.byteOffset, 92);
  const keys = Array.from({ length: 10 }, (_, round) => [
    key0 + Math.imul(round, 0x9e3779b9),
    key1 + Math.imul(round, 0xbb67ae85),
  ]);
  [c1, c2, c3, ...keys.flat()].forEach((word, i) => {
    words.fill(word, 4 * i, 4 * i + 4);
  });
}

type PhiloxFill<T> = (out: T, tiles: number, state: Uint8Array, c0: number, scale: number, shift: number) => undefined;

/**
 * `count` values of each group, rounded to float32 after each step by `round`. A group has `counters` counters, and `draw` makes
 * its values from its blocks.
 */
export function fillGroups<T extends Float32Array | Float64Array>(
  count: number,
  counters: number,
  round: (x: number) => number,
  draw: (block: (i: number) => number[]) => number[],
): PhiloxFill<T> {
  return (out, tiles, state, c0, scale, shift) => {
    const { upper, key } = readState(state);
    for (let g = 0; g < tiles * 4; g++) {
      const values = draw((i) => philoxBlock([c0 + counters * g + i, ...upper], key));
      for (let i = 0; i < count; i++) {
        out[count * g + i] = round(round((values[i] as number) * round(scale)) + round(shift));
      }
    }
    return undefined;
  };
}

/** The first `count` values within the cut, of as many blocks as that takes. */
export function withinCut(count: number, normals: (i: number) => number[]): number[] {
  const accepted: number[] = [];
  for (let i = 0; accepted.length < count; i++) accepted.push(...normals(i).filter((z) => Math.abs(z) < 2));
  return accepted;
}

const normals = ([x0 = 0, x1 = 0, x2 = 0, x3 = 0]: readonly number[]) => [...boxMuller(x0, x1), ...boxMuller(x2, x3)];

export const philox_uniform_f32 = fillGroups<Float32Array>(4, 1, f32, (block) => block(0).map(unit));
export const philox_normal_f32 = fillGroups<Float32Array>(4, 1, f32, (block) => normals(block(0)));
export const philox_truncated_normal_f32 = fillGroups<Float32Array>(4, 256, f32, (block) =>
  withinCut(4, (i) => normals(block(i))),
);

export function philox4x32_u32(out: Uint32Array, blocks: number, state: Uint8Array, c0: number): undefined {
  const { upper, key } = readState(state);
  for (let b = 0; b < blocks; b++) out.set(philoxBlock([c0 + b, ...upper], key), 4 * b);
}
