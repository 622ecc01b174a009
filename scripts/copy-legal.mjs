// Copies the licence and the notices into the folder of a package before it is packed.
// `prepack` runs it in the folder of the package; the copies are not in git.
// @ts-check

import { copyFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
for (const name of ["LICENSE", "NOTICE"]) copyFileSync(join(root, name), join(process.cwd(), name));
