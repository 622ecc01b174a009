// Publishes what the registry does not have yet, in the release workflow, after the version's pull request was merged.
// Provenance is refused where package.json does not name the repository it is built from: that is the workflow's own.
// @ts-check

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folders = ["packages/kernels", "packages/core", "packages/formats", "packages/lab", "packages/sweep", "apps/cli"];
const repository = process.env["GITHUB_REPOSITORY"];
if (!repository) {
  console.error("GITHUB_REPOSITORY: expected owner/name, got nothing; this runs in .github/workflows/release.yml");
  process.exit(2);
}
for (const folder of folders) {
  const file = join(root, folder, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  const url = `git+https://github.com/${repository}.git`;
  writeFileSync(
    file,
    `${JSON.stringify({ ...manifest, repository: { type: "git", url, directory: folder } }, null, 2)}\n`,
  );
}
const { status } = spawnSync("pnpm", ["exec", "changeset", "publish"], { cwd: root, stdio: "inherit" });
process.exit(status ?? 1);
