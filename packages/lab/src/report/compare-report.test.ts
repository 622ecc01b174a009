import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { drawingValues, hostileStrings, parseMarkup } from "../../../figures/test/parse-markup.ts";
import { compareResultFixture, courses, type FixtureOptions, manyCourses } from "../../test/compare-result-fixture.ts";
import { type ParsedReport, testManners } from "../../test/report-manners.ts";
import type { CompareResult } from "../compare/result.ts";
import { compareReport } from "./compare-report.ts";
import { reportStyle, reportStyleSha256 } from "./report-style.ts";

const command = "fanin compare --init 'zeros,he_normal' --seeds 8";

function report(result: CompareResult, theme?: "auto" | "light" | "dark"): ParsedReport {
  const html = compareReport(result, theme === undefined ? { command } : { command, theme });
  const parsed = parseMarkup(html);
  for (const value of drawingValues(parsed.elements)) expect(value).not.toMatch(/NaN|Infinity|undefined|null/);
  expect(parsed.text).not.toMatch(/NaN|Infinity|undefined|\bnull\b|\[object/);
  return { html, ...parsed };
}

const longName = `variance_scaling(${"scale=2,".repeat(40)}mode="fan_in")`;
const shapes: [string, FixtureOptions, number][] = [
  ["the fifth example with a run that diverged", {}, 1 + 4 + 2 * 5],
  ["a single seed", { seeds: 1 }, 1 + 4 + 2 * 5],
  ["a single epoch", { epochs: 1 }, 1 + 4 + 2 * 5],
  ["no validation set", { hasValidation: false }, 1 + 2 + 2 * 5],
  ["one initializer", { courses: courses.slice(0, 1) }, 1 + 4 + 2],
  [
    "twelve initializers, eight layers",
    { courses: manyCourses(12), seeds: 2, layers: [784, 9, 9, 9, 9, 9, 9, 9, 10] },
    1 + 4 + 8 * 12,
  ],
  [
    "a very long initializer",
    { courses: manyCourses(2).map((course, index) => ({ ...course, name: longName + index })) },
    1 + 4 + 2 * 2,
  ],
  // Seed 0 diverges in the first epoch, so it has no curves and no histograms.
  [
    "diverged runs only",
    { courses: courses.slice(4).map((course) => ({ ...course, lost: { 0: 0 } })), seeds: 1 },
    1 + 2,
  ],
];

describe.each(shapes)("the report of %s", (_, options, count) => {
  const parsed = report(compareResultFixture(options));
  const { text } = parsed;
  testManners(parsed, count);

  test("has every initializer in full, the command and all hashes", () => {
    const result = compareResultFixture(options);
    for (const name of result.config.initializers) expect(text).toContain(name);
    for (const { sha256 } of result.runs) expect(text).toContain(sha256);
    expect(text).toContain(result.dataset.sha256);
    expect(text).toContain(command);
  });
});

describe("compareReport", () => {
  test("allows only its own style sheet, by hash", () => {
    expect(reportStyleSha256).toBe(createHash("sha256").update(reportStyle).digest("base64"));
    const { html, elements } = report(compareResultFixture());
    expect(html).toContain(`<style>${reportStyle}</style>`);
    const policy = elements.find(({ attributes }) => attributes.get("http-equiv") === "Content-Security-Policy");
    expect(policy?.attributes.get("content")).toBe(
      `default-src 'none'; style-src 'sha256-${reportStyleSha256}'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
    // The policy governs only the markup after it.
    expect(html.indexOf("Content-Security-Policy")).toBeLessThan(html.indexOf("<style>"));
  });

  test("has a fixed theme only on request", () => {
    const theme = (choice?: "auto" | "light" | "dark"): string | undefined =>
      report(compareResultFixture({ seeds: 1 }), choice).elements[0]?.attributes.get("data-theme");
    expect([theme(), theme("auto"), theme("light"), theme("dark")]).toEqual([undefined, undefined, "light", "dark"]);
  });

  const expected = new Set(report(compareResultFixture()).elements.map(({ name }) => name));

  test.each(hostileStrings)("shows %j as text for every external string", (hostile) => {
    const drawn = courses.map((course, index) => (index > 2 ? { ...course, name: hostile + index } : course));
    const made = compareResultFixture({ courses: drawn, datasetName: hostile, classes: [hostile, "b", hostile] });
    const runs = made.runs.map((run) => ({
      ...run,
      sha256: hostile,
      weights: run.weights.map((one) => ({ ...one, layer: hostile + one.layer })),
    }));
    const config = { ...made.config, outputInitializer: hostile, stream: hostile };
    const result: CompareResult = {
      ...made,
      version: hostile,
      runs,
      config,
      dataset: { ...made.dataset, sha256: hostile },
    };
    const { elements } = parseMarkup(compareReport(result, { command: hostile }));
    for (const { name, attributes } of elements) {
      expect(expected.has(name)).toBe(true);
      for (const key of attributes.keys()) expect(key).not.toMatch(/^on|^src/);
    }
  });

  test("shows the answer first, then means with their spread and interval", () => {
    const { text } = report(compareResultFixture({ reference: "glorot_normal" }));
    const { testAccuracy } = compareResultFixture().summary[3] ?? {};
    const places = [
      "no difference detected at this number of seeds",
      "Results",
      "Learning curves",
      "Weights before",
      "Configuration",
      "Reproduce",
    ];
    const at = places.map((place) => text.lastIndexOf(place));
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(at[0]).toBeGreaterThan(0);
    expect(text).toContain(`${testAccuracy?.mean.toFixed(3)} ± ${testAccuracy?.standardDeviation?.toFixed(3)}`);
    expect(text).toContain(`[${testAccuracy?.interval?.[0].toFixed(3)}, ${testAccuracy?.interval?.[1].toFixed(3)}]`);
  });

  test("states the step at which a run diverged, and the reason for a missing histogram", () => {
    const drawn = courses.map((course) => (course.lost ? { ...course, lost: { 0: 0 } } : course));
    const { text } = report(compareResultFixture({ courses: drawn }));
    expect(text).toContain("at step 17");
    expect(text).toContain("Histogram: none, the run diverged at step 17.");
  });

  test("accepts metrics, intervals and bounds that JSON turned into null", () => {
    const made = compareResultFixture({ courses: courses.slice(3, 5), seeds: 2 });
    const text = JSON.stringify(made, (key, value) => (key === "testAccuracy" || key === "low" ? null : value));
    const broken = JSON.parse(text) as CompareResult;
    const result = { ...broken, summary: made.summary };
    expect(report(result).text).toContain("n/a");
  });

  test("refuses a result without initializers", () => {
    const result = { ...compareResultFixture({ seeds: 1 }), summary: [] };
    expect(() => compareReport(result, { command })).toThrow(
      new RangeError("result.summary: expected at least one initializer, got none"),
    );
  });
});
