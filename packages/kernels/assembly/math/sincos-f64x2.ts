// sinf and cosf of glibc >= 2.28 on two lanes, left in f64: rounded once to f32 they are those functions bit for bit.
// Source: ARM optimized-routines math/sincosf.c, sincosf.h, sincosf_data.c (MIT or Apache-2.0 WITH LLVM-exception).
//
// The original returns early below 2^-12 and skips the reduction below pi/4; here the general path serves all of
// [0, 2 pi], because there it rounds to the same floats (a test sweeps the boundaries).

const C1: f64 = reinterpret<f64>(0xbfdffffffd0c621c); // -0x1.ffffffd0c621cp-2 C1..C4: the polynomial of cos on [-pi/4, pi/4]
const C2: f64 = reinterpret<f64>(0x3fa55553e1068f19); // 0x1.55553e1068f19p-5
const C3: f64 = reinterpret<f64>(0xbf56c087e89a359d); // -0x1.6c087e89a359dp-10
const C4: f64 = reinterpret<f64>(0x3ef99343027bf8c3); // 0x1.99343027bf8c3p-16
const S1: f64 = reinterpret<f64>(0xbfc555545995a603); // -0x1.555545995a603p-3 S1..S3: the polynomial of sin
const S2: f64 = reinterpret<f64>(0x3f81107605230bc4); // 0x1.1107605230bc4p-7
const S3: f64 = reinterpret<f64>(0xbf2994eb3774cf24); // -0x1.994eb3774cf24p-13
const HPI_INV: f64 = reinterpret<f64>(0x3fe45f306dc9c883); // 0x1.45F306DC9C883p-1 2/pi
const HPI: f64 = reinterpret<f64>(0x3ff921fb54442d18); // 0x1.921FB54442D18p0 pi/2

/** 2^52 + 2^51: a double of this size has no room for fractions, and its low word is the integer that was added. */
const SHIFTER: f64 = 6755399441055744;

/**
 * Which quarter turn n each of two angles in [0, 2 pi] is nearest to, 0 .. 4, as the doubles SHIFTER + n. The original
 * takes 24 binary places of x 2/pi and rounds those half up, which is the same n for every angle that Box-Muller has.
 */
export function quadrants(x: v128): v128 {
  return f64x2.add(f64x2.mul(x, f64x2.splat(HPI_INV)), f64x2.splat(SHIFTER));
}

/** The angle less its quarter turns, given as `quadrants` does: within [-pi/4, pi/4]. */
export function reduce(x: v128, shifted: v128): v128 {
  return f64x2.sub(x, f64x2.mul(f64x2.sub(shifted, f64x2.splat(SHIFTER)), f64x2.splat(HPI)));
}

/** sin of two reduced angles. */
export function sinReduced(x: v128): v128 {
  const x2 = f64x2.mul(x, x);
  const x3 = f64x2.mul(x2, x);
  const s = f64x2.add(f64x2.splat(S2), f64x2.mul(x2, f64x2.splat(S3)));
  return f64x2.add(f64x2.add(x, f64x2.mul(x3, f64x2.splat(S1))), f64x2.mul(f64x2.mul(x3, x2), s));
}

/** cos of two reduced angles. */
export function cosReduced(x: v128): v128 {
  const x2 = f64x2.mul(x, x);
  const x4 = f64x2.mul(x2, x2);
  const c = f64x2.add(f64x2.splat(C3), f64x2.mul(x2, f64x2.splat(C4)));
  const low = f64x2.add(f64x2.splat(1), f64x2.mul(x2, f64x2.splat(C1)));
  return f64x2.add(f64x2.add(low, f64x2.mul(x4, f64x2.splat(C2))), f64x2.mul(f64x2.mul(x4, x2), c));
}
