// Parses sizes of layers such as `784,64x30,10`, and formats them in the shortest form.

const MAX_WIDTH = 1024;
const MAX_SIZES = 102;

/** Parses sizes, each clamped to 1..1024, at most 102 of them; returns null for invalid text. */
export function layersFromText(text: string): number[] | null {
  const sizes: number[] = [];
  for (const part of text.split(",")) {
    const [, width, times = "1"] = /^\s*(\d{1,9})(?:x(\d{1,9}))?\s*$/.exec(part) ?? [];
    if (width === undefined) return null;
    const repeat = Math.min(MAX_SIZES, Number(times));
    for (let i = 0; i < repeat; i++) sizes.push(Math.min(MAX_WIDTH, Math.max(1, Number(width))));
  }
  if (sizes.length < 2) return null;
  // Truncation drops hidden layers and keeps the output layer.
  return sizes.length > MAX_SIZES ? [...sizes.slice(0, MAX_SIZES - 1), sizes.at(-1) ?? 1] : sizes;
}

/** Formats sizes; hidden layers of equal width are combined. */
export function textFromLayers(layers: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < layers.length; ) {
    const width = layers[i];
    let times = 1;
    // Input and output are never combined with hidden layers.
    if (i > 0) while (i + times < layers.length - 1 && layers[i + times] === width) times++;
    parts.push(times > 1 ? `${width}x${times}` : `${width}`);
    i += times;
  }
  return parts.join(",");
}

/** Returns the width of the first hidden layer; 64 without hidden layers. */
export function hiddenWidth(layers: readonly number[]): number {
  return layers.length > 2 ? (layers[1] ?? 64) : 64;
}

/** Replaces the hidden layers with `depth` layers of `width`. */
export function hiddenLayers(layers: readonly number[], depth: number, width: number): number[] {
  return [layers[0] ?? 784, ...new Array<number>(depth).fill(width), layers.at(-1) ?? 10];
}
