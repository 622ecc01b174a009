// The table of docs/tfjs-kernels.md: every kernel that the backend registers, and where it runs.
// Written by scripts/write-kernel-table.mjs from the registry; a test holds the file to it.

import { kernelSupport } from "./register.ts";

const meaning = {
  wasm: "WebAssembly",
  script: "TypeScript",
  shared: "shares memory",
  fallback: "fallback",
} as const;

/** docs/tfjs-kernels.md, whole. */
export function kernelTable(): string {
  const support = kernelSupport();
  const rows = support.map((kernel) => [`\`${kernel.kernelName}\``, meaning[kernel.support]] as const);
  const width = Math.max(...rows.map(([name]) => name.length));
  const counts = Object.entries(meaning).map(
    ([key, text]) => `${support.filter((kernel) => kernel.support === key).length} ${text}`,
  );
  const [last, second] = [13, "where it runs"];
  return `<!-- Written by packages/core/scripts/write-kernel-table.mjs. -->

# Kernels of the tfjs backend

${support.length} kernels: ${counts.join(", ")}.

- **WebAssembly**: a kernel of \`@fanin/kernels\`, for \`float32\` (where nothing is computed also \`int32\`; casts for all numeric
  dtypes). NCHW images are transposed and back. Other dtypes and a few rare attributes (a bias that is no row, prelu in a fused
  kernel, \`batchDims\`) run as fallbacks, and int32 arithmetic that tfjs-backend-cpu rounds in TypeScript.
- **TypeScript**: our own kernel on our memory, where tfjs-backend-cpu's values are not TensorFlow's; some of its dtypes run as
  fallbacks.
- **shares memory**: the output has the input's values; nothing is copied.
- **fallback**: the kernel of \`@tensorflow/tfjs-backend-cpu\`, on our memory.

| ${"kernel".padEnd(width)} | ${second} |
| ${"-".repeat(width)} | ${"-".repeat(last)} |
${rows.map(([name, text]) => `| ${name.padEnd(width)} | ${text.padEnd(last)} |`).join("\n")}
`;
}
