// A stranger's project: an empty folder into which one package's tarball is installed, with those of this repository that it needs.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packedWithDependencies } from "./published.ts";

const packaging = new URL("..", import.meta.url).pathname;

/** What a program said. */
export interface Outcome {
  readonly status: number | null;
  /** On stdout. */
  readonly result: string;
  /** On stdout and stderr. */
  readonly output: string;
}

/** A fresh project on disk. */
export class Project {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "fanin-project-")));

  /** Installs the tarball of `name`; npm runs no script and asks the registry for what its cache lacks only. */
  constructor(name: string, files: Readonly<Record<string, string>> = {}) {
    const own = Object.fromEntries(
      packedWithDependencies(name).map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]),
    );
    // Overridden too, so that the registry is never asked for this repository's packages.
    const stranger = { name: "stranger", private: true, type: "module", dependencies: own, overrides: own };
    this.write({ "package.json": JSON.stringify(stranger), ...files });
    // A connection that the registry lets hang is given up within seconds, not after npm's five minutes, and tried again.
    const patience = ["--fetch-timeout=20000", "--fetch-retries=5", "--fetch-retry-mintimeout=1000"];
    const flags = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", ...patience];
    const { status, output } = this.run("npm", "install", ...flags);
    if (status !== 0) throw new Error(`npm install ${name}\n${output}`);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  /** Puts a package that this workspace has installed beside the tarballs, as a peer would be. */
  link(name: string): void {
    const target = join(this.folder, "node_modules", name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(join(packaging, "node_modules", name), target, "junction");
  }

  run(command: string, ...parameters: string[]): Outcome {
    const { status, stdout, stderr } = spawnSync(command, parameters, {
      cwd: this.folder,
      encoding: "utf8",
      env: { ...process.env, NODE_OPTIONS: "" },
      shell: process.platform === "win32",
    });
    return { status, result: stdout, output: `${stdout}${stderr}` };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
