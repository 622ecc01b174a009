// Before a package is packed: puts the licence and the notices of the works that constants are taken from into its folder.
// Run by `prepack` with the package's folder as the working directory; the copies are not in git.
// @ts-check

import { copyFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
for (const name of ["LICENSE", "NOTICE"]) copyFileSync(join(root, name), join(process.cwd(), name));
