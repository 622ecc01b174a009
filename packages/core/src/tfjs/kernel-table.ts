// The text of docs/tfjs-kernels.md: every kernel that the backend registers, and where it runs.
// scripts/write-kernel-table.mjs writes the file from the registry; a test compares them.

import { kernelSupport } from "./register.ts";

const meaning = {
  wasm: "WebAssembly",
  script: "TypeScript",
  shared: "shares memory",
  fallback: "fallback",
} as const;

/** The text of docs/tfjs-kernels.md. */
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

- **WebAssembly**: a kernel of \`@fanin/kernels\` for \`float32\`. Kernels that only copy also take \`int32\`, and casts take all numeric dtypes. NCHW images are
  transposed to NHWC and back. Other dtypes and a few rare attributes (a bias that is not a row, prelu in a fused kernel, \`batchDims\`) use the fallback;
  int32 arithmetic that tfjs-backend-cpu would round runs in TypeScript.
- **TypeScript**: Fanin's own kernel, used where the values of tfjs-backend-cpu are not TensorFlow's. Some dtypes use the fallback.
- **shares memory**: the output has the values of the input; nothing is copied.
- **fallback**: the kernel of \`@tensorflow/tfjs-backend-cpu\`, on Fanin's memory.

| ${"kernel".padEnd(width)} | ${second} |
| ${"-".repeat(width)} | ${"-".repeat(last)} |
${rows.map(([name, text]) => `| ${name.padEnd(width)} | ${text.padEnd(last)} |`).join("\n")}
`;
}
