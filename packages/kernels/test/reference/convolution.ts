// Reference implementations of convolution and pooling: every product by its own coordinates, in float64.

import { activations } from "./activations.ts";
import { epilogues } from "./gemm.ts";

/** The words of the descriptor of assembly/convolution/window.ts, by name. */
export function windowOf(shape: Uint32Array) {
  const [batch = 0, inH = 0, inW = 0, inC = 0, outH = 0, outW = 0, outC = 0, filterH = 0, filterW = 0] = shape;
  const [strideH = 1, strideW = 1, dilationH = 1, dilationW = 1, padTop = 0, padLeft = 0] = shape.subarray(9);
  return {
    batch,
    inH,
    inW,
    inC,
    outH,
    outW,
    outC,
    filterH,
    filterW,
    strideH,
    strideW,
    dilationH,
    dilationW,
    padTop,
    padLeft,
  };
}

/** Calls `visit` with every output pixel, tap and the input pixel it sees. */
function windows(shape: Uint32Array, visit: (outPixel: number, tap: number, inPixel: number) => void): void {
  const s = windowOf(shape);
  for (let b = 0; b < s.batch; b++) {
    for (let oy = 0; oy < s.outH; oy++) {
      for (let ox = 0; ox < s.outW; ox++) {
        for (let fy = 0; fy < s.filterH; fy++) {
          for (let fx = 0; fx < s.filterW; fx++) {
            const y = oy * s.strideH + fy * s.dilationH - s.padTop;
            const x = ox * s.strideW + fx * s.dilationW - s.padLeft;
            if (y < 0 || y >= s.inH || x < 0 || x >= s.inW) continue;
            visit((b * s.outH + oy) * s.outW + ox, fy * s.filterW + fx, (b * s.inH + y) * s.inW + x);
          }
        }
      }
    }
  }
}

/** The sum of products of one of x, filter and y with another, added into the third, in float64. */
function products(
  target: Float32Array | Float64Array,
  shape: Uint32Array,
  depthwise: boolean,
  add: (sums: Float64Array, x: number, filter: number, y: number) => void,
): void {
  const { inC, outC } = windowOf(shape);
  const sums = new Float64Array(target.length);
  windows(shape, (outPixel, tap, inPixel) => {
    for (let c = 0; c < inC; c++) {
      const multiplier = outC / inC;
      for (let o = depthwise ? c * multiplier : 0; o < (depthwise ? (c + 1) * multiplier : outC); o++) {
        add(sums, inPixel * inC + c, depthwise ? tap * outC + o : (tap * inC + c) * outC + o, outPixel * outC + o);
      }
    }
  });
  target.set(sums);
}

function forward(depthwise: boolean) {
  return (y: Float32Array, x: Float32Array, filter: Float32Array, shape: Uint32Array): undefined => {
    products(y, shape, depthwise, (sums, i, f, o) => {
      sums[o] = (sums[o] ?? 0) + (x[i] ?? 0) * (filter[f] ?? 0);
    });
  };
}

function byFilter(depthwise: boolean) {
  return (dfilter: Float32Array, x: Float32Array, dy: Float32Array, shape: Uint32Array): undefined => {
    products(dfilter, shape, depthwise, (sums, i, f, o) => {
      sums[f] = (sums[f] ?? 0) + (x[i] ?? 0) * (dy[o] ?? 0);
    });
  };
}

function byInput(depthwise: boolean) {
  return (dx: Float32Array, dy: Float32Array, filter: Float32Array, shape: Uint32Array): undefined => {
    products(dx, shape, depthwise, (sums, i, f, o) => {
      sums[i] = (sums[i] ?? 0) + (dy[o] ?? 0) * (filter[f] ?? 0);
    });
  };
}

export function conv2d_f32(
  y: Float32Array,
  x: Float32Array,
  filter: Float32Array,
  shape: Uint32Array,
  _workspace: Uint8Array,
  bias: Float32Array | 0,
  activation: number,
  alpha: number,
): undefined {
  forward(false)(y, x, filter, shape);
  const [value = (z: number) => z] = activations[epilogues[activation] ?? ""] ?? [];
  y.forEach((z, i) => {
    y[i] = value(z + (bias ? (bias[i % bias.length] ?? 0) : 0), alpha);
  });
}

export const conv2d_filter_gradient_f32 = byFilter(false);
export const conv2d_input_gradient_f32 = byInput(false);
export const depthwise_conv2d_f32 = forward(true);
export const depthwise_conv2d_filter_gradient_f32 = byFilter(true);
export const depthwise_conv2d_input_gradient_f32 = byInput(true);

/** The input pixels that each output pixel sees. */
function seen(shape: Uint32Array): number[][] {
  const { batch, outH, outW } = windowOf(shape);
  const lists: number[][] = Array.from({ length: batch * outH * outW }, () => []);
  windows(shape, (outPixel, _, inPixel) => lists[outPixel]?.push(inPixel));
  return lists;
}

export function max_pool_f32(y: Float32Array, x: Float32Array, shape: Uint32Array): undefined {
  const { inC } = windowOf(shape);
  seen(shape).forEach((pixels, p) => {
    for (let c = 0; c < inC; c++) y[p * inC + c] = Math.max(...pixels.map((pixel) => x[pixel * inC + c] ?? 0));
  });
}

export function max_pool_gradient_f32(
  dx: Float32Array,
  dy: Float32Array,
  x: Float32Array,
  shape: Uint32Array,
): undefined {
  const { inC } = windowOf(shape);
  dx.fill(0);
  seen(shape).forEach((pixels, p) => {
    for (let c = 0; c < inC; c++) {
      const values = pixels.map((pixel) => x[pixel * inC + c] ?? 0);
      const first = pixels[values.indexOf(Math.max(...values))];
      if (first !== undefined) dx[first * inC + c] = (dx[first * inC + c] ?? 0) + (dy[p * inC + c] ?? 0);
    }
  });
}

export function avg_pool_f32(y: Float32Array, x: Float32Array, shape: Uint32Array): undefined {
  const { inC } = windowOf(shape);
  seen(shape).forEach((pixels, p) => {
    for (let c = 0; c < inC; c++) {
      y[p * inC + c] = pixels.reduce((sum, pixel) => sum + (x[pixel * inC + c] ?? 0), 0) / pixels.length;
    }
  });
}

export function avg_pool_gradient_f32(dx: Float32Array, dy: Float32Array, shape: Uint32Array): undefined {
  const { inC } = windowOf(shape);
  const sums = new Float64Array(dx.length);
  seen(shape).forEach((pixels, p) => {
    for (const pixel of pixels) {
      for (let c = 0; c < inC; c++) {
        sums[pixel * inC + c] = (sums[pixel * inC + c] ?? 0) + (dy[p * inC + c] ?? 0) / pixels.length;
      }
    }
  });
  dx.set(sums);
}
