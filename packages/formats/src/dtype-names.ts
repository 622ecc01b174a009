// Names of the element types in each format.
// Sources: NumPy's array protocol; the safetensors header; tfjs-core 4.22 io/types.ts.

import { ANY_DTYPES, type AnyDType } from "@fanin/tensor";

/** The formats that name element types. */
type NamingFormat = "npy" | "safetensors" | "tfjs";

/** The names of each element type. A format without a name for a type cannot store it. */
const names: { readonly [D in AnyDType]: { readonly [F in NamingFormat]?: string } } = {
  float64: { npy: "f8", safetensors: "F64" },
  float32: { npy: "f4", safetensors: "F32", tfjs: "float32" },
  float16: { npy: "f2", safetensors: "F16" },
  bfloat16: { safetensors: "BF16" },
  complex128: { npy: "c16" },
  complex64: { npy: "c8", safetensors: "C64", tfjs: "complex64" },
  int64: { npy: "i8", safetensors: "I64" },
  int32: { npy: "i4", safetensors: "I32", tfjs: "int32" },
  int16: { npy: "i2", safetensors: "I16" },
  int8: { npy: "i1", safetensors: "I8" },
  uint64: { npy: "u8", safetensors: "U64" },
  uint32: { npy: "u4", safetensors: "U32" },
  uint16: { npy: "u2", safetensors: "U16" },
  uint8: { npy: "u1", safetensors: "U8" },
  bool: { npy: "b1", safetensors: "BOOL", tfjs: "bool" },
};

/** Lists the element types that a format can store. */
export function dtypesOf(format: NamingFormat): AnyDType[] {
  return ANY_DTYPES.filter((dtype) => names[dtype][format] !== undefined);
}

/** Finds an element type by its name in a format. */
export function dtypeNamed(format: NamingFormat, name: string): AnyDType | undefined {
  return ANY_DTYPES.find((dtype) => names[dtype][format] === name);
}

/**
 * Returns the name of an element type in a format.
 *
 * @throws RangeError if the format cannot store the type.
 */
export function dtypeNameIn(format: NamingFormat, tensor: string, dtype: AnyDType): string {
  const name = names[dtype][format];
  if (name !== undefined) return name;
  throw new RangeError(
    `tensor ${JSON.stringify(tensor)}: ${format} stores ${dtypesOf(format).join(", ")}, got ${dtype}; convert it with toFloat32 first`,
  );
}
