// CRC-32 of zip files: reflected, polynomial 0xedb88320, four bytes per step.
// RFC 1952 section 8; slicing by four after Kounavis and Berry, "A systematic approach to building high performance CRC generators".

const table: Uint32Array<ArrayBuffer> = new Uint32Array(1024);
for (let i = 0; i < 256; i++) {
  let c = i;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  table[i] = c;
}
for (let i = 256; i < 1024; i++) {
  const c = table[i - 256] as number;
  table[i] = (table[c & 255] as number) ^ (c >>> 8);
}

/** Continues the checksum `crc` (0 to begin) over `bytes`. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  let c = ~crc;
  const whole = bytes.length & ~3;
  let i = 0;
  for (; i < whole; i += 4) {
    c ^=
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    c =
      (table[768 + (c & 255)] as number) ^
      (table[512 + ((c >>> 8) & 255)] as number) ^
      (table[256 + ((c >>> 16) & 255)] as number) ^
      (table[c >>> 24] as number);
  }
  for (; i < bytes.length; i++) c = (table[(c ^ (bytes[i] as number)) & 255] as number) ^ (c >>> 8);
  return ~c >>> 0;
}
