// What importing one initializer costs a page, its kernels included: the promise is 45 kB gzipped.

import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const LARGEST = 45_000;

/** The bytes of `code` with all that it imports, minified and gzipped. */
async function bundled(
  code: string,
  platform: "browser" | "node" = "browser",
): Promise<{ text: string; gzipped: number }> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    minify: true,
    format: "esm",
    platform,
    write: false,
  });
  const [file] = outputFiles;
  if (!file) throw new Error("nothing was bundled");
  return { text: file.text, gzipped: gzipSync(file.contents, { level: 9 }).length };
}

describe("one initializer imported alone", () => {
  it.each([
    'import { heNormal } from "@fanin/core"; console.log(heNormal({ seed: 1 })([2, 2]));',
    'import { orthogonal } from "@fanin/core"; console.log(orthogonal({ seed: 1 })([2, 2]));',
    'import { heNormal, key } from "@fanin/core/jax"; console.log(heNormal()(key(0), [2, 2]));',
    'import { kaimingUniform } from "@fanin/core/torch"; console.log(kaimingUniform([2, 2]));',
  ])("%s is at most 45 kB gzipped", async (code) => {
    expect((await bundled(code)).gzipped).toBeLessThanOrEqual(LARGEST);
  });

  it("leaves the kernels out where nothing is drawn", async () => {
    const { gzipped } = await bundled('import { zeros } from "@fanin/core"; console.log(zeros()([2, 2]));');
    expect(gzipped).toBeLessThan(6000);
  });

  it.each([
    "@fanin/kernels",
    "@fanin/core",
    "@fanin/core/jax",
    "@fanin/core/torch",
    "@fanin/core/keras-model",
    "@fanin/formats",
    "@fanin/tensor",
    "@fanin/tensor/arguments",
    "@fanin/figures",
    "@fanin/lab",
  ])("importing %s for nothing costs nothing: sideEffects is false", async (name) => {
    expect((await bundled(`import * as all from "${name}";`)).text.trim()).toBe("");
  });

  // Threads and queues are Node's.
  it.each(["@fanin/sweep", "@fanin/models"])("importing %s for nothing costs a program nothing", async (name) => {
    expect((await bundled(`import * as all from "${name}";`, "node")).text.trim()).toBe("");
  });
});
