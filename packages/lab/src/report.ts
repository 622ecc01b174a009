// The public names of @fanin/lab/report: HTML reports, and the parts of which other packages make theirs.

export { compareAnswer, formatDifference } from "./report/compare-answer.ts";
export { compareReport } from "./report/compare-report.ts";
export { epochsText } from "./report/compare-tables.ts";
export { diagnoseReport } from "./report/diagnose-report.ts";
export { htmlTable, type TableCell } from "./report/html-table.ts";
export { figure, initializerCode, layersText, plural, settingsCard } from "./report/report-markup.ts";
export { reportPage } from "./report/report-page.ts";
