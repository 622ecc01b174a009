// SHA-256 of the bytes of arrays, by the platform's implementation.
// Source: Web Crypto, which Node and browsers provide.

/**
 * The hash of the concatenated bytes of `arrays`, in hex. Multi-byte elements are hashed as little-endian.
 *
 * @example
 * await sha256(Uint8Array.of(1, 2, 3)); // => '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81'
 */
export async function sha256(...arrays: readonly ArrayBufferView[]): Promise<string> {
  const bytes = new Uint8Array(arrays.reduce((sum, array) => sum + array.byteLength, 0));
  let at = 0;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
