// The published packages: the folders of the workspace whose package.json is not private.
// @ts-check

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * @typedef {{ name: string, version: string, private?: boolean, dependencies?: Record<string, string> }} Manifest
 * @typedef {{ folder: string, manifest: Manifest }} PublishedPackage
 */

/** @returns {PublishedPackage[]} each after its dependencies */
export function publishedPackages() {
  const found = ["packages", "apps"].flatMap((parent) =>
    readdirSync(join(root, parent)).flatMap((name) => {
      const file = join(root, parent, name, "package.json");
      if (!existsSync(file)) return [];
      /** @type {Manifest} */
      const manifest = JSON.parse(readFileSync(file, "utf8"));
      return manifest.private ? [] : [{ folder: `${parent}/${name}`, manifest }];
    }),
  );
  return [...new Set(found.flatMap((one) => reach(one, found)))];
}

/**
 * The dependencies of `one` among `found`, followed by itself.
 * @param {PublishedPackage} one
 * @param {PublishedPackage[]} found
 * @returns {PublishedPackage[]}
 */
function reach(one, found) {
  const names = Object.keys(one.manifest.dependencies ?? {});
  const needed = found.filter(({ manifest }) => names.includes(manifest.name));
  return [...new Set([...needed.flatMap((other) => reach(other, found)), one])];
}

/**
 * The dependencies of the package of this name, followed by itself.
 * @param {string} name
 */
export function withDependencies(name) {
  const found = publishedPackages();
  return found.filter(({ manifest }) => manifest.name === name).flatMap((one) => reach(one, found));
}

/**
 * The name of the file that `pnpm pack` writes.
 * @param {Manifest} manifest
 */
export function tarballName({ name, version }) {
  return `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
}
