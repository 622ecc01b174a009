// Finds a Node whose V8 has relaxed SIMD without a flag, for the tests that need one: this one, that of FANIN_NEWER_NODE, or a
// binary of the registry's package node-<platform>-<arch>, fetched once into node_modules/.cache without running its scripts.
// @ts-check

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const VERSION = "24.21.0";
const MINUTES = 60_000;

const cache = join(dirname(fileURLToPath(import.meta.url)), "../node_modules/.cache/fanin");
const platform = process.platform === "win32" ? "win" : process.platform;
const name = `node-${platform}-${process.arch}`;
const binary = join("node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");

/** The suffix of a suite's name if its tests are skipped. */
export const missingNewerNode = ` (skipped: cannot fetch ${name}@${VERSION}; set FANIN_NEWER_NODE to a Node >= 22)`;

/** @param {string} path */
function isNewer(path) {
  const { status, stdout } = spawnSync(path, ["--print", "process.versions.node"], { encoding: "utf8" });
  return status === 0 && Number.parseInt(stdout, 10) >= 22;
}

/** Installs the binary beside its target and renames it, so that the target is always complete. @param {string} target */
function fetchBinary(target) {
  mkdirSync(cache, { recursive: true });
  const begun = mkdtempSync(join(cache, "begun-"));
  try {
    const quiet = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    spawnSync("npm", ["install", "--prefix", begun, ...quiet, `${name}@${VERSION}`], {
      stdio: "ignore",
      shell: process.platform === "win32",
      timeout: 5 * MINUTES,
    });
    // If another process was faster, its copy is used.
    if (existsSync(join(begun, binary)) && !existsSync(target)) renameSync(begun, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(begun, { recursive: true, force: true });
  }
}

/** The path of a Node with relaxed SIMD, or undefined. */
export function newerNode() {
  const given = process.env["FANIN_NEWER_NODE"] || process.execPath;
  if (isNewer(given)) return given;
  const target = join(cache, `node-${VERSION}`);
  const path = join(target, binary);
  if (!existsSync(path)) fetchBinary(target);
  return existsSync(path) && isNewer(path) ? path : undefined;
}
