// The packages that are published, where they stand and what their manifests say.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** Where the tarballs are. */
export const tarballs: string = fileURLToPath(new URL("../build/tarballs/", import.meta.url));

/** The fields of a package.json that the tests read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A published package: its folder in the repository and its manifest there. */
export interface Published {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly tarball: string;
}

/** In an order in which each comes after those that it needs. */
export const published: readonly Published[] = [
  "packages/kernels",
  "packages/core",
  "packages/formats",
  "packages/lab",
  "packages/sweep",
  "apps/cli",
].map((folder) => {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
  const file = `${manifest.name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`;
  return { folder, manifest, tarball: join(tarballs, file) };
});

/** Those of this repository that `name` needs to be installed, itself the last. */
export function withDependencies(name: string): Published[] {
  const one = published.find(({ manifest }) => manifest.name === name);
  if (!one) return [];
  const below = Object.keys(one.manifest.dependencies ?? {}).flatMap(withDependencies);
  return [...new Set([...below, one])];
}

/** The names that importers may write: `@fanin/core`, `@fanin/core/jax`, ...; files are not among them. */
export function entries({ manifest }: Published): string[] {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target === "object")
    .map(([path]) => `${manifest.name}${path.slice(1)}`);
}
