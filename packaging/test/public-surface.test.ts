// The size of the public surface: core exports no check of arguments, and every name of lab has a user outside lab.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { publicNames } from "./public-names.ts";
import { root } from "./published.ts";

const names = publicNames();
const namesOf = (entry: string): string[] => names.filter((one) => one.entry === entry).map(({ name }) => name);

/** The sources, examples and documents that may use lab. */
const users = ["apps", "bench", "docs", "examples", "packages/sweep", "packages/models", "packaging/scripts"]
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(root, folder, file)),
  )
  .filter((file) => /\.(ts|mjs|md)$/.test(file) && !/\/(node_modules|dist|build)\//.test(file))
  .concat(join(root, "README.md"), join(root, "packages/lab/README.md"))
  .map((file) => readFileSync(file, "utf8"));

/** The names that are imported from `entry`; `import("entry").Name` counts, too. */
function importedFrom(entry: string): Set<string> {
  const imported = new Set<string>();
  const lists = new RegExp(`import (?:type )?\\{([^}]*)\\} from "${entry}"`, "g");
  const types = new RegExp(`import\\("${entry}"\\)\\.(\\w+)`, "g");
  for (const text of users) {
    for (const [, list = ""] of text.matchAll(lists)) {
      for (const item of list.split(","))
        imported.add(
          item
            .replace(/^\s*type /, "")
            .split(" as ")[0]
            ?.trim() ?? "",
        );
    }
    for (const [, name = ""] of text.matchAll(types)) imported.add(name);
  }
  return imported;
}

describe("@fanin/core", () => {
  it.each(["@fanin/core", "@fanin/core/jax", "@fanin/core/torch"])("exports no check of arguments from %s", (entry) => {
    const checks = new Set(namesOf("@fanin/tensor/arguments"));
    expect(checks.size).toBeGreaterThan(5);
    expect(namesOf(entry).length).toBeGreaterThan(20);
    expect(namesOf(entry).filter((name) => checks.has(name) || /^(expect|describe|read)[A-Z]/.test(name))).toEqual([]);
  });
});

describe("@fanin/lab", () => {
  it("exports at most 80 names", () => {
    expect(namesOf("@fanin/lab").length).toBeLessThanOrEqual(80);
  });

  it.each(["@fanin/lab", "@fanin/lab/data", "@fanin/lab/report", "@fanin/lab/weights"])(
    "has a user for each name of %s",
    (entry) => {
      const imported = importedFrom(entry);
      // A name may also be what the example of another name calls.
      const isShown = (name: string): boolean =>
        names.some((other) => other.name !== name && other.examples.some((text) => text.includes(`${name}(`)));
      expect(namesOf(entry).length).toBeGreaterThan(5);
      expect(namesOf(entry).filter((name) => !imported.has(name) && !isShown(name))).toEqual([]);
    },
  );
});
