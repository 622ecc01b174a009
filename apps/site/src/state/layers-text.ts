// Sizes of layers as people write them, `784,64x30,10`, to numbers and back in the shortest form.

const MAX_WIDTH = 1024;
const MAX_SIZES = 102;

/** The sizes that `text` names, each held to 1..1024, at most 102 of them; null for text that names none. */
export function layersFromText(text: string): number[] | null {
  const sizes: number[] = [];
  for (const part of text.split(",")) {
    const [, width, times = "1"] = /^\s*(\d{1,9})(?:x(\d{1,9}))?\s*$/.exec(part) ?? [];
    if (width === undefined) return null;
    const repeat = Math.min(MAX_SIZES, Number(times));
    for (let i = 0; i < repeat; i++) sizes.push(Math.min(MAX_WIDTH, Math.max(1, Number(width))));
  }
  if (sizes.length < 2) return null;
  // The output stays the last one, however many hidden layers are left out.
  return sizes.length > MAX_SIZES ? [...sizes.slice(0, MAX_SIZES - 1), sizes.at(-1) ?? 1] : sizes;
}

/** The sizes as text: hidden layers of one width are written once. */
export function textFromLayers(layers: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < layers.length; ) {
    const width = layers[i];
    let times = 1;
    // The ends are written apart: they are data, not depth.
    if (i > 0) while (i + times < layers.length - 1 && layers[i + times] === width) times++;
    parts.push(times > 1 ? `${width}x${times}` : `${width}`);
    i += times;
  }
  return parts.join(",");
}

/** The width of the hidden layers: that of the first; 64 where there is none. */
export function hiddenWidth(layers: readonly number[]): number {
  return layers.length > 2 ? (layers[1] ?? 64) : 64;
}

/** The same ends with `depth` hidden layers of `width` between them. */
export function hiddenLayers(layers: readonly number[], depth: number, width: number): number[] {
  return [layers[0] ?? 784, ...new Array<number>(depth).fill(width), layers.at(-1) ?? 10];
}
