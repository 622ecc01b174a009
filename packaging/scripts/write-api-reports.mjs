// Writes the API reports in packaging/etc from the built packages: `npm run api`.
// @ts-check

import { apiReports } from "./api-reports.mjs";

const troubles = apiReports(true);
for (const trouble of troubles) console.error(trouble);
process.exitCode = troubles.length > 0 ? 1 : 0;
