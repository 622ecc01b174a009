// The constants of Cephes's logf: log(1 + f) = f - f^2 / 2 + f^3 P(f) for 1 + f in [sqrt(1/2), sqrt(2)), and ln2 in two parts.
// Source: Cephes logf (as in avx_mathfun.h, zlib licence).

export const LN2_HIGH: f32 = 0.693359375; // nine bits, so that its product with an exponent is exact
export const LN2_LOW: f32 = -2.1219444e-4;
export const P0: f32 = 7.0376836292e-2;
export const P1: f32 = -1.151461031e-1;
export const P2: f32 = 1.167699874e-1;
export const P3: f32 = -1.2420140846e-1;
export const P4: f32 = 1.4249322787e-1;
export const P5: f32 = -1.6668057665e-1;
export const P6: f32 = 2.0000714765e-1;
export const P7: f32 = -2.4999993993e-1;
export const P8: f32 = 3.3333331174e-1;
