// The API reports in etc/ are those of the built packages: a public name cannot change unseen. `npm run api` renews them.

import { expect, it } from "vitest";
import { apiReports } from "../scripts/api-reports.mjs";

it("the reports are up to date (else: npm run api)", () => {
  expect(apiReports(false)).toEqual([]);
});
