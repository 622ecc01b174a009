/** A package.json, as far as packing needs it. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface PublishedPackage {
  readonly folder: string;
  readonly manifest: Manifest;
}

export function publishedPackages(): PublishedPackage[];
export function withDependencies(name: string): PublishedPackage[];
export function tarballName(manifest: Manifest): string;
