// Packs what the registry does not have yet, in the release workflow, for the job that publishes: nothing while changesets wait.
// Provenance is refused where package.json does not name the repository it is built from: that is the workflow's own.
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
  console.error("expected a folder, and owner/name as GITHUB_REPOSITORY; this runs in .github/workflows/release.yml");
  process.exit(2);
}
const waiting = readdirSync(join(root, ".changeset")).filter((name) => name.endsWith(".md") && name !== "README.md");
if (waiting.length > 0) {
  console.log(`${waiting.length} changesets wait for the pull request of the next version; nothing to publish`);
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
