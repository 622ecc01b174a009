// Renews the generated parts of README.md, from the newest results: `npm run readme`.
// @ts-check

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { picture, root, withParts } from "./readme-parts.mjs";

const file = join(root, "README.md");
writeFileSync(file, withParts(readFileSync(file, "utf8")));
writeFileSync(join(root, "docs/signal.svg"), picture());
