// Recognizes unsupported files by their first bytes, and says what to do with them.
// Source: the magic numbers of each format's own specification; git-lfs, docs/spec.md; GGUF, docs/gguf.md; IDX of MNIST.

import { quote } from "./malformed-file-error.ts";

/** Number of bytes at the start that identify a file. */
export const HEAD_BYTES = 512;

interface OtherFile {
  readonly matches: (head: Uint8Array, text: string) => boolean;
  readonly is: string;
}

const magic =
  (...bytes: readonly number[]) =>
  (head: Uint8Array): boolean =>
    bytes.every((byte, i) => head[i] === byte);

const otherFiles: readonly OtherFile[] = [
  { matches: (head) => head.length === 0, is: "an empty file: the download or the copy is incomplete" },
  {
    matches: (_, text) => text.startsWith("version https://git-lfs.github.com/spec/"),
    is: "a git-lfs pointer in place of the file: fetch the file with git lfs pull",
  },
  {
    matches: (_, text) =>
      /^(\ufeff|\u00ef\u00bb\u00bf)?\s*<(!doctype|html|head|body|script|title|!--|meta)/i.test(text),
    is: "an HTML page: download the file itself, not its web page or a login page",
  },
  { matches: (_, text) => /^\s*<(\?xml|[a-z])/i.test(text), is: "XML" },
  { matches: magic(0x1f, 0x8b), is: "a gzip file: unpack it first" },
  { matches: magic(0x28, 0xb5, 0x2f, 0xfd), is: "a Zstandard file: unpack it first" },
  { matches: magic(0xfd, 0x37, 0x7a, 0x58, 0x5a), is: "an xz file: unpack it first" },
  { matches: (_, text) => /^BZh[1-9]1AY/.test(text), is: "a bzip2 file: unpack it first" },
  { matches: (_, text) => text.startsWith("7z\u00bc\u00af"), is: "a 7z archive: unpack it first" },
  { matches: (_, text) => text.slice(257, 262) === "ustar", is: "a tar archive: unpack it first" },
  {
    matches: (_, text) => text.startsWith("GGUF"),
    is: "a GGUF file of quantized weights: use the .safetensors of the model",
  },
  {
    matches: (_, text) => text.slice(4, 8) === "TFL3",
    is: "a TensorFlow Lite model: use the original weights",
  },
  {
    matches: (head) => head[0] === 0 && head[1] === 0 && head[2] === 8 && (head[3] === 1 || head[3] === 3),
    is: "an IDX file of images or labels: pass its folder to --data",
  },
  {
    matches: (head) => head[0] === 8 && (head[1] ?? 99) <= 20 && (head[2] === 0x12 || head[2] === 0x3a),
    is: "what looks like an ONNX model: save its initializers as .safetensors",
  },
];

/** Describes a file that starts with `head`, as the words after "got"; undefined if it is not recognized. */
export function otherFile(head: Uint8Array): string | undefined {
  const text = String.fromCharCode(...head.subarray(0, HEAD_BYTES));
  return otherFiles.find(({ matches }) => matches(head, text))?.is;
}

/** Describes a file that starts with `head`; quotes the first bytes if it is not recognized. */
export function describeHead(head: Uint8Array): string {
  return otherFile(head) ?? quote(String.fromCharCode(...head.subarray(0, 16)));
}
