import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imagesIdx, labelsIdx } from "../../test/write-idx.ts";
import { fashionClasses } from "./dataset.ts";
import { loadIdxDirectory } from "./load-directory.ts";

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "fanin-idx-"));
});

afterAll(() => rm(root, { recursive: true, force: true }));

const whole = {
  "train-images-idx3-ubyte": imagesIdx(
    Uint8Array.from({ length: 24 }, (_, i) => i),
    2,
    4,
  ),
  "train-labels-idx1-ubyte": labelsIdx([1, 2, 9]),
  "t10k-images-idx3-ubyte": imagesIdx(new Uint8Array(16).fill(7), 2, 4),
  "t10k-labels-idx1-ubyte": labelsIdx([0, 3]),
};

/** Makes a folder with these files; undefined omits one. */
async function folderOf(name: string, files: Readonly<Record<string, Uint8Array | undefined>>): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  for (const [file, bytes] of Object.entries(files)) if (bytes) await writeFile(join(folder, file), bytes);
  return folder;
}

describe("loadIdxDirectory", () => {
  it("reads plain files and derives name and classes from the folder's name", async () => {
    const dataset = await loadIdxDirectory(await folderOf("digits", whole));
    expect(dataset).toEqual({
      name: "digits",
      height: 2,
      width: 4,
      classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
      train: { images: Uint8Array.from({ length: 24 }, (_, i) => i), labels: Uint8Array.of(1, 2, 9) },
      test: { images: new Uint8Array(16).fill(7), labels: Uint8Array.of(0, 3) },
    });
  });

  it("reads gzip files, also beside plain ones, and accepts a trailing slash", async () => {
    const folder = await folderOf("my-Fashion-set", {
      ...whole,
      "train-images-idx3-ubyte": undefined,
      "train-images-idx3-ubyte.gz": gzipSync(whole["train-images-idx3-ubyte"]),
      "t10k-labels-idx1-ubyte": undefined,
      "t10k-labels-idx1-ubyte.gz": gzipSync(whole["t10k-labels-idx1-ubyte"]),
    });
    const dataset = await loadIdxDirectory(`${folder}/`);
    expect(dataset.name).toBe("my-Fashion-set");
    expect(dataset.classes).toEqual(fashionClasses);
    expect(dataset.train.images[23]).toBe(23);
    expect(dataset.test.labels).toEqual(Uint8Array.of(0, 3));
  });

  it.each([
    ["a point", (name: string) => name.replace("-idx", ".idx")],
    ["a folder each", (name: string) => join(name, name)],
    ["a folder each, with a point", (name: string) => join(name, name).replaceAll("-idx", ".idx")],
  ])("reads the files of Kaggle's archives: %s", async (title, spelling) => {
    const expected = await loadIdxDirectory(await folderOf(`plain ${title}`, whole));
    const folder = join(root, title);
    for (const [name, bytes] of Object.entries(whole)) {
      await mkdir(dirname(join(folder, spelling(name))), { recursive: true });
      await writeFile(join(folder, spelling(name)), bytes);
    }
    expect(await loadIdxDirectory(folder)).toEqual({ ...expected, name: title });
  });

  it("reads a file beside a folder of the same name", async () => {
    const folder = await folderOf("both", { ...whole, "train-images-idx3-ubyte": undefined });
    await mkdir(join(folder, "train-images-idx3-ubyte"));
    await writeFile(join(folder, "train-images.idx3-ubyte"), whole["train-images-idx3-ubyte"]);
    expect((await loadIdxDirectory(folder)).train.images[23]).toBe(23);
  });

  it.each(Object.keys(whole))("names the missing file %s", async (name) => {
    const folder = await folderOf(`without-${name}`, { ...whole, [name]: undefined });
    await expect(loadIdxDirectory(folder)).rejects.toMatchObject({
      code: "ENOENT",
      path: join(folder, name),
      message: expect.stringContaining(`${folder}: expected the file ${name} or ${name}.gz, found neither`),
    });
  });

  it("passes on the file system's error for the folder", async () => {
    await expect(loadIdxDirectory(join(root, "nowhere"))).rejects.toMatchObject({ code: "ENOENT" });
    const folder = await folderOf("flat", { file: Uint8Array.of(1) });
    await expect(loadIdxDirectory(join(folder, "file"))).rejects.toMatchObject({ code: "ENOTDIR" });
  });

  it("refuses labels and images that differ in number", async () => {
    const folder = await folderOf("counts", { ...whole, "train-labels-idx1-ubyte": labelsIdx([1, 2]) });
    const file = join(folder, "train-labels-idx1-ubyte");
    await expect(loadIdxDirectory(folder)).rejects.toMatchObject({
      name: "MalformedFileError",
      code: "E_DATASET_COUNT",
      file,
      message: `${file}: expected 3 labels, as many as train-images-idx3-ubyte has images, got 2 (E_DATASET_COUNT)`,
    });
  });

  it("refuses training and test images of different sizes", async () => {
    const folder = await folderOf("sizes", { ...whole, "t10k-images-idx3-ubyte": imagesIdx(new Uint8Array(16), 4, 2) });
    const file = join(folder, "t10k-images-idx3-ubyte");
    await expect(loadIdxDirectory(folder)).rejects.toMatchObject({
      code: "E_DATASET_SIZE",
      message: `${file}: expected images of 2 x 4, as train-images-idx3-ubyte has, got 4 x 2 (E_DATASET_SIZE)`,
    });
  });

  it("refuses a label outside the classes and swapped files, and names the file", async () => {
    const labelled = await folderOf("labelled", { ...whole, "t10k-labels-idx1-ubyte": labelsIdx([0, 10]) });
    await expect(loadIdxDirectory(labelled)).rejects.toMatchObject({
      code: "E_IDX_LABEL",
      file: join(labelled, "t10k-labels-idx1-ubyte"),
    });
    const swapped = await folderOf("swapped", {
      ...whole,
      "train-images-idx3-ubyte": whole["train-labels-idx1-ubyte"],
    });
    await expect(loadIdxDirectory(swapped)).rejects.toMatchObject({
      code: "E_IDX_MAGIC",
      file: join(swapped, "train-images-idx3-ubyte"),
    });
  });

  it("passes the limit on and requires a path", async () => {
    const folder = await folderOf("limited", whole);
    await expect(loadIdxDirectory(folder, { limit: 20 })).rejects.toMatchObject({ code: "E_IDX_LIMIT" });
    await expect(loadIdxDirectory(3 as unknown as string)).rejects.toThrow(
      new TypeError("path: expected a string, got 3"),
    );
  });
});
