// Packs the versions that the registry lacks, for the job `publish` of the release workflow; packs nothing while there are changesets.
// Provenance requires that package.json names the repository of the build, so this adds it.
// @ts-check

import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { publishedPackages } from "./published-packages.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const repository = process.env["GITHUB_REPOSITORY"];
const [target] = process.argv.slice(2);
if (!repository || !target) {
  console.error(
    "expected a folder, and GITHUB_REPOSITORY set to owner/name; .github/workflows/release.yml runs this script",
  );
  process.exit(2);
}
const waiting = readdirSync(join(root, ".changeset")).filter((name) => name.endsWith(".md") && name !== "README.md");
if (waiting.length > 0) {
  console.log(`${waiting.length} changesets are waiting for the pull request of the next version: nothing to publish`);
  process.exit(0);
}
const out = resolve(target);
mkdirSync(out, { recursive: true });
let packed = "";
for (const [i, { folder }] of publishedPackages().entries()) {
  const file = join(root, folder, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  const { name, version } = manifest;
  const found = spawnSync("npm", ["view", `${name}@${version}`, "version"], { encoding: "utf8" });
  if (found.status === 0 && found.stdout.trim() === version) continue;
  const url = `git+https://github.com/${repository}.git`;
  writeFileSync(
    file,
    `${JSON.stringify({ ...manifest, repository: { type: "git", url, directory: folder } }, null, 2)}\n`,
  );
  const before = new Set(readdirSync(out));
  const { status } = spawnSync("pnpm", ["pack", "--pack-destination", out], {
    cwd: join(root, folder),
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
  for (const tarball of readdirSync(out)) {
    if (!before.has(tarball)) renameSync(join(out, tarball), join(out, `${i + 1}-${tarball}`));
  }
  packed = version;
}
const output = process.env["GITHUB_OUTPUT"];
if (output) appendFileSync(output, `version=${packed}\n`);
