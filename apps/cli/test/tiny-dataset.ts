// A data set so small that hundreds of runs take seconds: 4x4 images of ten classes, as the four IDX files.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const SIDE = 4;
const CLASSES = 10;

function idx(magic: number, sizes: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + values.length);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of [magic, ...sizes].entries()) view.setUint32(4 * i, word);
  bytes.set(values, 4 + 4 * sizes.length);
  return bytes;
}

/** Writes `count` training images and 40 test images into `folder`; each class has its own bright pixels. */
export async function writeTinyDataset(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [part, n] of [
    ["train", count],
    ["t10k", 40],
  ] as const) {
    const labels = Uint8Array.from({ length: n }, (_, i) => i % CLASSES);
    const images = Uint8Array.from({ length: n * SIDE * SIDE }, (_, i) => {
      const [image, pixel] = [Math.floor(i / (SIDE * SIDE)), i % (SIDE * SIDE)];
      const noise = (Math.imul(i + 1, 2654435761) >>> 24) % 64;
      return noise + (pixel === image % CLASSES ? 180 : 0);
    });
    await writeFile(join(folder, `${part}-images-idx3-ubyte`), idx(2051, [n, SIDE, SIDE], images));
    await writeFile(join(folder, `${part}-labels-idx1-ubyte`), idx(2049, [n], labels));
  }
}
