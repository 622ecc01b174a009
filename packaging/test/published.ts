// The packages that are published, where they stand and what their manifests say.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type PublishedPackage,
  publishedPackages,
  tarballName,
  withDependencies,
} from "../../scripts/published-packages.mjs";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** Where the tarballs are. */
export const tarballs: string = fileURLToPath(new URL("../build/tarballs/", import.meta.url));

/** A published package: its folder in the repository, its manifest there, and its tarball. */
export interface Published extends PublishedPackage {
  readonly tarball: string;
}

const packed = ({ folder, manifest }: PublishedPackage): Published => ({
  folder,
  manifest,
  tarball: join(tarballs, tarballName(manifest)),
});

/** In an order in which each comes after those that it needs. */
export const published: readonly Published[] = publishedPackages().map(packed);

/** Those of this repository that `name` needs to be installed, itself the last. */
export const packedWithDependencies = (name: string): Published[] => withDependencies(name).map(packed);

/** The names that importers may write: `@fanin/core`, `@fanin/core/jax`, ...; files are not among them. */
export function entries({ manifest }: Published): string[] {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target === "object")
    .map(([path]) => `${manifest.name}${path.slice(1)}`);
}
