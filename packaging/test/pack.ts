// Packs every published package, once for all test files.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { published, root, tarballs } from "./published.ts";

export function setup(): void {
  rmSync(tarballs, { recursive: true, force: true });
  mkdirSync(tarballs, { recursive: true });
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { packageManager: string };
  const filters = published.map(({ manifest }) => `--filter=${manifest.name}`);
  const { status, stdout, stderr } = spawnSync(
    "npx",
    ["--yes", packageManager, "-r", ...filters, "pack", "--pack-destination", tarballs],
    { cwd: root, encoding: "utf8", shell: process.platform === "win32" },
  );
  if (status !== 0) throw new Error(`pnpm pack failed\n${stdout}${stderr}`);
}
