// An image of few colours as a data: URL. BMP with one byte per pixel: every browser reads it, and no library is needed.
// Source: Microsoft's BITMAPFILEHEADER and BITMAPINFOHEADER.

const FILE_HEADER = 14;
const INFO_HEADER = 40;
const COLORS = 256;
const CHUNK = 0x8000; // characters that String.fromCharCode takes at once

/** A colour by its red, green and blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Encodes `pixels` as `data:image/bmp;base64,...`: row by row from the top, each an index into at most 256 `colors`.
 *
 * @throws RangeError if the pixels do not fill the image.
 */
export function bitmapAddress(pixels: Uint8Array, width: number, height: number, colors: readonly Rgb[]): string {
  if (pixels.length !== width * height) {
    throw new RangeError(`pixels: expected ${width} x ${height}, got ${pixels.length}`);
  }
  const stride = (width + 3) & ~3; // rows end at whole words
  const start = FILE_HEADER + INFO_HEADER + 4 * COLORS;
  const bytes = new Uint8Array(start + stride * height);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]); // BM
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, INFO_HEADER, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true); // planes
  view.setUint16(28, 8, true); // bits a pixel
  view.setUint32(34, stride * height, true);
  view.setUint32(46, COLORS, true);
  colors.slice(0, COLORS).forEach(([red, green, blue], i) => {
    bytes.set([blue, green, red, 0], FILE_HEADER + INFO_HEADER + 4 * i);
  });
  // BMP stores rows bottom to top.
  for (let row = 0; row < height; row++) {
    bytes.set(pixels.subarray(row * width, (row + 1) * width), start + (height - 1 - row) * stride);
  }
  let text = "";
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return `data:image/bmp;base64,${btoa(text)}`;
}
