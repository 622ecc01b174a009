// The API reference builds from the docstrings and documents without a warning: no link that leads nowhere, no name that is missing.

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { root } from "./published.ts";

it("typedoc has no warning (else: npm run docs)", () => {
  const typedoc = join(
    dirname(createRequire(join(root, "package.json")).resolve("typedoc/package.json")),
    "bin/typedoc",
  );
  // Whether the sources typecheck is another task's to say.
  const words = ["--emit", "none", "--logLevel", "Warn", "--skipErrorChecking"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [typedoc, ...words], { cwd: root, encoding: "utf8" });
  expect(`${stdout}${stderr}`).toBe("");
  expect(status).toBe(0);
});
