// Sets the version of all packages from the changesets, in the release workflow: in package.json and in the constant that results contain.
// @ts-check

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { status } = spawnSync("pnpm", ["exec", "changeset", "version"], { cwd: root, stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

const core = join(root, "packages/core");
const { version } = JSON.parse(readFileSync(join(core, "package.json"), "utf8"));
const source = join(core, "src/version.ts");
writeFileSync(source, readFileSync(source, "utf8").replace(/(VERSION: string = )"[^"]*"/, `$1"${version}"`));
