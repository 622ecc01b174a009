// The API reports: the public names of every entry as one text a review can read. Made from the built declarations.
// Source: api-extractor 7.60, which wants one report an entry.
// @ts-check

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";

const root = fileURLToPath(new URL("../..", import.meta.url));
const etc = fileURLToPath(new URL("../etc", import.meta.url));
const temporary = fileURLToPath(new URL("../build/api", import.meta.url));

/** The declarations of every entry by the name of its report; one that exports nothing yet has none. */
function entries() {
  /** @type {Record<string, string>} */
  const found = {};
  for (const folder of readdirSync(join(root, "packages")).sort()) {
    const { exports } = JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8"));
    for (const [path, target] of Object.entries(exports)) {
      if (!target.types) continue;
      const file = `packages/${folder}/${target.types.slice(2)}`;
      const exportsNothing = !/^export (?!\{\};)/m.test(readFileSync(join(root, file), "utf8"));
      if (!exportsNothing) found[`${folder}${path.slice(1).replaceAll("/", "-")}`] = file;
    }
  }
  return found;
}

/**
 * Makes the reports; with `write` they go to packaging/etc, without it they are compared with what is there.
 * @param {boolean} write
 * @returns {string[]} the names of those that differ, and what api-extractor has against an entry
 */
export function apiReports(write) {
  mkdirSync(etc, { recursive: true });
  rmSync(temporary, { recursive: true, force: true });
  /** @type {string[]} */
  const troubles = [];
  /** One program for all entries: they share most of what they import. @type {CompilerState | undefined} */
  let compilerState;
  const additionalEntryPoints = Object.values(entries()).map((file) => join(root, file));
  for (const [name, file] of Object.entries(entries())) {
    const entry = join(root, file);
    const folder = join(root, file.split("/dist/")[0] ?? "");
    const config = ExtractorConfig.prepare({
      configObjectFullPath: undefined,
      packageJsonFullPath: join(folder, "package.json"),
      configObject: {
        projectFolder: folder,
        mainEntryPointFilePath: entry,
        newlineKind: "lf",
        compiler: {
          overrideTsconfig: {
            compilerOptions: {
              module: "nodenext",
              moduleResolution: "nodenext",
              target: "es2022",
              lib: ["es2023", "dom"],
              strict: true,
              skipLibCheck: true,
              types: [],
            },
            files: [entry],
          },
        },
        apiReport: {
          enabled: true,
          reportFileName: `${name}.api.md`,
          reportFolder: etc,
          reportTempFolder: temporary,
          includeForgottenExports: true,
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: {
          compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
          // Docstrings are checked by tests and typedoc; release tags are not used.
          extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
          tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        },
      },
    });
    compilerState ??= CompilerState.create(config, { additionalEntryPoints });
    const result = Extractor.invoke(config, {
      compilerState,
      localBuild: write,
      messageCallback: (message) => {
        if (message.logLevel === ExtractorLogLevel.Error) troubles.push(`${name}: ${message.text}`);
        message.handled = true;
      },
    });
    if (result.apiReportChanged && !write) troubles.push(`${name}.api.md differs`);
  }
  const stale = readdirSync(etc).filter((file) => !existsSync(join(temporary, file)));
  for (const file of stale) {
    if (write) rmSync(join(etc, file));
    else troubles.push(`${file} is of no entry`);
  }
  return troubles;
}
