// Convolutions and both gradients, plain and depthwise, on NHWC images; NCHW images are transposed and back.
// Source: Conv2D, DepthwiseConv2dNative, their Backprops and fused forms of tfjs-backend-cpu 4.22.

import {
  type backend_util,
  type Conv2DAttrs,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropInputAttrs,
  type DepthwiseConv2dNativeAttrs,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  type FusedConv2DAttrs,
  type FusedDepthwiseConv2DAttrs,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import type { FaninBackend } from "../backend.ts";
import { type Epilogue, epilogueOf, isRowBias } from "./activation.ts";
import { areFloats, defineKernel, type Kernel } from "./kernel.ts";
import { transposed } from "./movement.ts";
import { channelsLastShape, convolutionInfo, isLarger, type PlaneAttrs, withSlope } from "./windows.ts";

type Info = backend_util.Conv2DInfo;

interface WindowAttrs extends PlaneAttrs {
  readonly dataFormat?: string | undefined;
}

/** Writes the window descriptor of packages/kernels/assembly/convolution/window.ts. */
export function describeWindow(backend: FaninBackend, info: Info): void {
  const { outHeight, outWidth, strideHeight, strideWidth, effectiveFilterHeight, effectiveFilterWidth } = info;
  // The kernels count pixels from the padding's edge with 31 bits.
  if (
    outHeight * strideHeight + effectiveFilterHeight >= 2 ** 31 ||
    outWidth * strideWidth + effectiveFilterWidth >= 2 ** 31
  ) {
    throw new RangeError(`${backend.op}: expected windows within 2^31 pixels`);
  }
  const { words } = backend;
  words[0] = info.batchSize;
  words[1] = info.inHeight;
  words[2] = info.inWidth;
  words[3] = info.inChannels;
  words[4] = outHeight;
  words[5] = outWidth;
  words[6] = info.outChannels;
  words[7] = info.filterHeight;
  words[8] = info.filterWidth;
  words[9] = strideHeight;
  words[10] = strideWidth;
  words[11] = info.dilationHeight;
  words[12] = info.dilationWidth;
  words[13] = info.padInfo.top;
  words[14] = info.padInfo.left;
}

const TO_NHWC = [0, 2, 3, 1];
const TO_NCHW = [0, 3, 1, 2];

/** Runs `body` on NHWC copies where the images are NCHW; the names of inputs that are images, and whether the output is one. */
function channelsLast<I, A extends WindowAttrs>(
  images: readonly string[],
  isImage: boolean,
  body: (backend: FaninBackend, inputs: I, attrs: A) => TensorInfo | undefined,
): (backend: FaninBackend, inputs: I, attrs: A) => TensorInfo | undefined {
  return (backend, inputs, attrs) => {
    if (attrs.dataFormat !== "NCHW") return body(backend, inputs, attrs);
    const given = inputs as Readonly<Record<string, TensorInfo>>;
    if (!areFloats(...images.map((name) => given[name] as TensorInfo))) return undefined;
    const turned = images.map((name) => [name, transposed(backend, given[name] as TensorInfo, TO_NHWC)] as const);
    const { inputShape } = attrs as { inputShape?: number[] };
    const out = body(backend, { ...given, ...Object.fromEntries(turned) } as I, {
      ...attrs,
      dataFormat: "NHWC",
      pad: (Array.isArray(attrs.pad) ? channelsLastShape(attrs.pad) : attrs.pad) as WindowAttrs["pad"],
      ...(inputShape && { inputShape: channelsLastShape(inputShape) }),
    });
    for (const [, tensor] of turned) backend.disposeIntermediateTensorInfo(tensor);
    if (!out || !isImage) return out;
    const result = transposed(backend, out, TO_NCHW);
    backend.disposeIntermediateTensorInfo(out);
    return result;
  };
}

function convolve(
  backend: FaninBackend,
  x: TensorInfo,
  filter: TensorInfo,
  attrs: WindowAttrs,
  bias: TensorInfo | undefined,
  { activation, alpha }: Epilogue,
): TensorInfo | undefined {
  if (!areFloats(x, filter)) return undefined;
  const info = convolutionInfo(x.shape, filter.shape, attrs, false);
  if (bias && !isRowBias(bias, info.outChannels)) return undefined;
  const [px, pf, pb] = [backend.pointer(x), backend.pointer(filter), bias ? backend.pointer(bias) : 0];
  const out = backend.make([...info.outShape], "float32");
  if (util.sizeFromShape(info.outShape) === 0) return out;
  describeWindow(backend, info);
  const { kernels, descriptor } = backend;
  const workspace = backend.workspace(kernels.conv2d_workspace_f32(descriptor));
  kernels.conv2d_f32(backend.pointer(out), px, pf, descriptor, workspace, pb, activation, alpha);
  return out;
}

const LINEAR: Epilogue = { activation: 0, alpha: 0 };

const conv2D = defineKernel<{ x: TensorInfo; filter: TensorInfo }, Conv2DAttrs>(
  "Conv2D",
  channelsLast(["x"], true, (backend, { x, filter }, attrs) => convolve(backend, x, filter, attrs, undefined, LINEAR)),
);

interface FusedInputs {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
  readonly bias?: TensorInfo;
}

const fusedConv2D = defineKernel<FusedInputs, FusedConv2DAttrs>(
  "FusedConv2D",
  channelsLast(["x"], true, (backend, { x, filter, bias }, attrs) => {
    const epilogue = epilogueOf(attrs.activation, attrs.leakyreluAlpha);
    return epilogue && convolve(backend, x, filter, attrs, bias, epilogue);
  }),
);

const conv2DBackpropFilter = defineKernel<{ x: TensorInfo; dy: TensorInfo }, Conv2DBackpropFilterAttrs>(
  "Conv2DBackpropFilter",
  channelsLast(["x", "dy"], false, (backend, { x, dy }, attrs) => {
    if (!areFloats(x, dy)) return undefined;
    const info = withSlope(backend.op, convolutionInfo(x.shape, attrs.filterShape, attrs, false), dy.shape);
    const [px, pdy] = [backend.pointer(x), backend.pointer(dy)];
    const out = backend.make([...info.filterShape], "float32");
    if (util.sizeFromShape(info.filterShape) === 0) return out;
    describeWindow(backend, info);
    const { kernels, descriptor } = backend;
    const workspace = backend.workspace(kernels.conv2d_workspace_f32(descriptor));
    kernels.conv2d_filter_gradient_f32(backend.pointer(out), px, pdy, descriptor, workspace);
    return out;
  }),
);

const conv2DBackpropInput = defineKernel<{ dy: TensorInfo; filter: TensorInfo }, Conv2DBackpropInputAttrs>(
  "Conv2DBackpropInput",
  channelsLast(["dy"], true, (backend, { dy, filter }, attrs) => {
    if (!areFloats(dy, filter)) return undefined;
    const usual = convolutionInfo(attrs.inputShape, filter.shape, attrs, false);
    // tfjs-core's suite asserts what tfjs-backend-cpu makes of such a dy, which is what the first of its values give.
    if (attrs.pad === "same" && isLarger(dy.shape, usual.outShape)) return undefined;
    const info = withSlope(backend.op, usual, dy.shape);
    const [pdy, pf] = [backend.pointer(dy), backend.pointer(filter)];
    const out = backend.make([...info.inShape], "float32");
    const size = util.sizeFromShape(info.inShape);
    const { kernels, descriptor } = backend;
    if (util.sizeFromShape(dy.shape) === 0) kernels.fill_f32(backend.pointer(out), size, 0);
    if (size === 0 || util.sizeFromShape(dy.shape) === 0) return out;
    describeWindow(backend, info);
    const workspace = backend.workspace(kernels.conv2d_workspace_f32(descriptor));
    kernels.conv2d_input_gradient_f32(backend.pointer(out), pdy, pf, descriptor, workspace);
    return out;
  }),
);

function convolveDepthwise(
  backend: FaninBackend,
  x: TensorInfo,
  filter: TensorInfo,
  attrs: WindowAttrs,
): TensorInfo | undefined {
  if (!areFloats(x, filter)) return undefined;
  const info = convolutionInfo(x.shape, filter.shape, attrs, true);
  const [px, pf] = [backend.pointer(x), backend.pointer(filter)];
  const out = backend.make([...info.outShape], "float32");
  if (util.sizeFromShape(info.outShape) === 0) return out;
  describeWindow(backend, info);
  backend.kernels.depthwise_conv2d_f32(backend.pointer(out), px, pf, backend.descriptor);
  return out;
}

const depthwiseConv2dNative = defineKernel<{ x: TensorInfo; filter: TensorInfo }, DepthwiseConv2dNativeAttrs>(
  "DepthwiseConv2dNative",
  (backend, { x, filter }, attrs) => convolveDepthwise(backend, x, filter, attrs as WindowAttrs),
);

/** Activations as loops over what is already in place. */
function activateInPlace(backend: FaninBackend, at: number, n: number, { activation, alpha }: Epilogue): void {
  const { kernels } = backend;
  if (activation === 1) kernels.relu_f32(at, at, n);
  else if (activation === 2) kernels.relu6_f32(at, at, n);
  else if (activation === 3) kernels.leaky_relu_f32(at, at, n, alpha);
  else if (activation === 4) kernels.elu_f32(at, at, n, alpha);
  else if (activation === 5) kernels.sigmoid_f32(at, at, n);
}

const fusedDepthwiseConv2D = defineKernel<FusedInputs, FusedDepthwiseConv2DAttrs>(
  "FusedDepthwiseConv2D",
  (backend, { x, filter, bias }, attrs) => {
    const epilogue = epilogueOf(attrs.activation, attrs.leakyreluAlpha);
    const channels = (filter.shape[2] as number) * (filter.shape[3] as number);
    if (!epilogue || (bias && !isRowBias(bias, channels))) return undefined;
    const out = convolveDepthwise(backend, x, filter, attrs as WindowAttrs);
    if (!out) return undefined;
    const { pointer, size } = backend.get(out.dataId);
    if (size === 0) return out;
    if (bias) backend.kernels.bias_add_f32(pointer, backend.pointer(bias), size / channels, channels);
    activateInPlace(backend, pointer, size, epilogue);
    return out;
  },
);

const depthwiseBackpropFilter = defineKernel<
  { x: TensorInfo; dy: TensorInfo },
  DepthwiseConv2dNativeBackpropFilterAttrs
>("DepthwiseConv2dNativeBackpropFilter", (backend, { x, dy }, attrs) => {
  if (!areFloats(x, dy)) return undefined;
  const info = withSlope(backend.op, convolutionInfo(x.shape, attrs.filterShape, attrs as WindowAttrs, true), dy.shape);
  const [px, pdy] = [backend.pointer(x), backend.pointer(dy)];
  const out = backend.make([...info.filterShape], "float32");
  if (util.sizeFromShape(info.filterShape) === 0) return out;
  describeWindow(backend, info);
  backend.kernels.depthwise_conv2d_filter_gradient_f32(backend.pointer(out), px, pdy, backend.descriptor);
  return out;
});

const depthwiseBackpropInput = defineKernel<
  { dy: TensorInfo; filter: TensorInfo },
  DepthwiseConv2dNativeBackpropInputAttrs
>("DepthwiseConv2dNativeBackpropInput", (backend, { dy, filter }, attrs) => {
  if (!areFloats(dy, filter)) return undefined;
  const info = withSlope(
    backend.op,
    convolutionInfo(attrs.inputShape, filter.shape, attrs as WindowAttrs, true),
    dy.shape,
  );
  const [pdy, pf] = [backend.pointer(dy), backend.pointer(filter)];
  const out = backend.make([...info.inShape], "float32");
  if (util.sizeFromShape(info.inShape) === 0) return out;
  describeWindow(backend, info);
  backend.kernels.depthwise_conv2d_input_gradient_f32(backend.pointer(out), pdy, pf, backend.descriptor);
  return out;
});

export const convolution: readonly Kernel[] = [
  conv2D,
  conv2DBackpropFilter,
  conv2DBackpropInput,
  depthwiseConv2dNative,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  fusedConv2D,
  fusedDepthwiseConv2D,
];
