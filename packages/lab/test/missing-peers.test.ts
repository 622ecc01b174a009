// Optional packages that are not installed are named, with what to install: the built packages in a folder that lacks them.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const packages = join(import.meta.dirname, "../..");
const peers = ["@tensorflow/tfjs-backend-cpu", "@tensorflow/tfjs-core", "@tensorflow/tfjs-layers"] as const;
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fanin-peers-"));
  for (const name of ["kernels", "tensor", "core", "formats", "figures", "lab"]) {
    for (const part of ["package.json", "dist"]) {
      cpSync(join(packages, name, part), join(folder, "node_modules/@fanin", name, part), { recursive: true });
    }
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Puts packages of these names there, which are found and export nothing. */
function install(names: readonly string[]): void {
  rmSync(join(folder, "node_modules/@tensorflow"), { recursive: true, force: true });
  for (const name of names) {
    const place = join(folder, "node_modules", name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "package.json"), JSON.stringify({ name, type: "module", exports: "./index.js" }));
    writeFileSync(join(place, "index.js"), "export {};\n");
  }
}

/** Runs a module there; returns what it printed. */
const run = (code: string): string =>
  execFileSync(process.execPath, ["--input-type=module", "--eval", code], { cwd: folder, encoding: "utf8" });

const engine = `import { tfjsEngine } from "@fanin/lab/tfjs";
await tfjsEngine().catch(({ name, message, cause }) => console.log(JSON.stringify([name, message, cause?.code])));`;

describe("tfjsEngine", () => {
  it.each(peers)("names %s where it alone is missing", (missing) => {
    install(peers.filter((name) => name !== missing));
    const needed = "@tensorflow/tfjs-core@4 @tensorflow/tfjs-layers@4 @tensorflow/tfjs-backend-cpu@4";
    expect(JSON.parse(run(engine))).toEqual([
      "RangeError",
      `engine: tfjs needs ${missing}, which is not installed here: npm install ${needed}`,
      "ERR_MODULE_NOT_FOUND",
    ]);
  });

  it("leaves other errors as they are", () => {
    install(peers);
    expect(JSON.parse(run(engine))).toEqual([
      "SyntaxError",
      expect.stringContaining("does not provide an export"),
      null,
    ]);
  });
});

describe("@fanin/core/tfjs", () => {
  it("fails as Node has it, with the package's name: an import of a module's own cannot be caught in it", () => {
    install([]);
    const { stderr, status } = spawnSync(
      process.execPath,
      ["--input-type=module", "--eval", 'import "@fanin/core/tfjs";'],
      { cwd: folder, encoding: "utf8" },
    );
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/Cannot find package '@tensorflow\/tfjs-(core|backend-cpu)'/),
    ]);
  });

  it("is what @fanin/core alone does not need", () => {
    install([]);
    expect(run('import { zeros } from "@fanin/core"; console.log(zeros()([2]).data.length);')).toBe("2\n");
  });
});
