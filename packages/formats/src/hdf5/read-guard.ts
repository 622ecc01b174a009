// Checks structures of HDF5 as the library reads them, where the library itself would loop without end on a damaged one.
// Source: HDF5 File Format Specification 3.0, section III.E (global heap). In 32 bits, the library's sums of sizes overflow.

const COLLECTION = [0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0]; // "GCOL", version 1
const OBJECT_BYTES = 16;

function sizeAt(bytes: Uint8Array, at: number): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigUint64(0, true));
}

/** Describes the fault of a collection of the global heap at `start`, as far as it lies in `bytes`. */
function collectionFault(bytes: Uint8Array, start: number, fileSize: number): string | undefined {
  const size = sizeAt(bytes, start + 8);
  if (size < OBJECT_BYTES || size > fileSize) return `a heap of ${size} bytes in a file of ${fileSize}`;
  let at = OBJECT_BYTES;
  while (at + OBJECT_BYTES <= size && start + at + OBJECT_BYTES <= bytes.length) {
    const object = start + at;
    const index = (bytes[object] as number) + 256 * (bytes[object + 1] as number);
    const length = sizeAt(bytes, object + 8);
    // The object 0 is free space, whose size includes its header.
    const taken = index === 0 ? length : OBJECT_BYTES + Math.ceil(length / 8) * 8;
    if (taken < OBJECT_BYTES || taken > size - at) return `an object of ${length} bytes in a heap of ${size}`;
    at += taken;
  }
  return undefined;
}

/** Describes the fault of a structure in bytes that are read, if there is one. */
export function faultOfRead(bytes: Uint8Array, fileSize: number): string | undefined {
  for (let at = bytes.indexOf(0x47); at >= 0 && at + 16 <= bytes.length; at = bytes.indexOf(0x47, at + 1)) {
    if (!COLLECTION.every((byte, i) => bytes[at + i] === byte)) continue;
    const fault = collectionFault(bytes, at, fileSize);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
