// The public names of @fanin/tensor: element types, shapes, half precision and tensors. Argument checks have their own entry.

export {
  ANY_DTYPES,
  type AnyArrayOf,
  type AnyDType,
  type ElementLayout,
  elementLayouts,
  type TensorData,
} from "./any-dtype.ts";
export {
  type ArrayOf,
  DTYPES,
  type DType,
  dtypeOf,
  type ElementArray,
  type ElementOf,
  type ElementType,
  elementsOf,
  elementTypes,
  expectDType,
  FLOAT_DTYPES,
  type FloatDType,
  isFloat,
  roundTo,
} from "./dtype.ts";
export { bfloat16FromFloat32, float16FromFloat32, float32FromBfloat16, float32FromFloat16 } from "./half.ts";
export { countOf, expectShape, formatShape, type Shape, sizeOf } from "./shape.ts";
export {
  type AnyTensor,
  allocate,
  allocateFloat32,
  expectTensor,
  isTensorLike,
  type Tensor,
  tensorOf,
} from "./tensor.ts";
export { toFloat32 } from "./to-float32.ts";
