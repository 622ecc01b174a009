import { heNormal, zeros } from "@fanin/core";
import { describe, expect, test } from "vitest";
import { drawingValues, hostileStrings, parseMarkup } from "../../../figures/test/parse-markup.ts";
import { type ParsedReport, testManners } from "../../test/report-manners.ts";
import { diagnose } from "../diagnose/diagnose.ts";
import type { NetworkDiagnosis } from "../diagnose/diagnose-network.ts";
import type { WeightsDiagnosis } from "../diagnose/diagnose-weights.ts";
import { diagnoseReport } from "./diagnose-report.ts";
import { reportStyle, reportStyleSha256 } from "./report-style.ts";

const command = "fanin diagnose --layers 784,64x30,10";
const file = "runs/model.safetensors";

function report(diagnosis: NetworkDiagnosis | WeightsDiagnosis): ParsedReport {
  const html = diagnoseReport(diagnosis, { command, file });
  const parsed = parseMarkup(html);
  for (const value of drawingValues(parsed.elements)) expect(value).not.toMatch(/NaN|Infinity|undefined|null/);
  expect(parsed.text).not.toMatch(/Infinity|undefined|\bnull\b|\[object/);
  return { html, ...parsed };
}

const network = (initializer: string, layers: readonly number[], activation: "relu" | "tanh" = "relu") =>
  diagnose({ layers, activation, initializer });
const deep = [784, ...new Array<number>(30).fill(64), 10];

function weights(name = "dense"): WeightsDiagnosis {
  const kernel = heNormal({ seed: 1 })<"float32">([32, 16]);
  const broken = heNormal({ seed: 2 })<"float32">([16, 4]);
  broken.data[3] = Number.NaN;
  return diagnose([
    { name: `${name}/kernel`, ...kernel },
    { name: `${name}/bias`, ...zeros()<"float32">([16]) },
    { name: `${name}_copy/kernel`, ...kernel },
    { name: `${name}_out/kernel`, ...broken },
    { name: "steps", shape: [], dtype: "int64", data: BigInt64Array.of(7n) },
  ]);
}

const cases: [string, () => NetworkDiagnosis | WeightsDiagnosis, number][] = [
  ["a signal that vanishes", () => network("glorot_uniform", deep), 3],
  ["gradients that explode", () => network("random_normal(stddev=1)", deep, "tanh"), 3],
  // Without a gradient, only the axes are drawn.
  ["zeros", () => network("zeros", [784, 16, 10]), 3],
  ["no findings", () => network("he_normal", [784, 64, 64, 10]), 3],
  ["no hidden layer", () => network("he_normal", [784, 10]), 0],
  [
    "one hidden layer and batch normalization",
    () => diagnose({ layers: [20, 8, 3], activation: "relu", initializer: "ones", norm: "batch" }),
    3,
  ],
  ["weights with copies and NaN", () => weights(), 2],
  ["weights that are all constant", () => diagnose([{ name: "b", ...zeros()<"float32">([4]) }]), 0],
  ["no tensors", () => diagnose([]), 0],
];

describe.each(cases)("the report of %s", (_, make, count) => {
  const diagnosis = make();
  const parsed = report(diagnosis);
  const { html, elements, text } = parsed;
  testManners(parsed, count);

  test("allows its own style sheet by hash", () => {
    expect(html).toContain(`style-src 'sha256-${reportStyleSha256}'`);
    expect(html).toContain(`<style>${reportStyle}</style>`);
  });

  test("states every finding in full, and the command", () => {
    expect(elements.filter(({ name }) => name === "article")).toHaveLength(diagnosis.findings.length);
    for (const { code, title, found, why, fix, notes } of diagnosis.findings) {
      for (const said of [code, title, found, why, fix, ...notes]) expect(text).toContain(said);
    }
    expect(text.includes("No findings")).toBe(diagnosis.findings.length === 0);
    expect(text).toContain(command);
  });
});

describe("diagnoseReport", () => {
  test("has the figures of every layer, also beyond the range of doubles", () => {
    const diagnosis = network("random_normal(stddev=1e-9)", deep);
    const { text } = report(diagnosis);
    const last = diagnosis.signal.signals.at(-2)?.forward.log10 ?? 0;
    expect(last).toBeLessThan(-300);
    expect(text).toContain(last.toFixed(2).replace("-", "\u2212"));
  });

  test("lists every tensor with its recognised initializer", () => {
    const diagnosis = weights();
    const { text } = report(diagnosis);
    expect(text).toContain(file);
    for (const { name, family } of diagnosis.tensors) {
      expect(text).toContain(name);
      if (family !== null) expect(text).toContain(family.description);
    }
    expect(text).toContain("none: not all values are finite");
    expect(text).toContain("not inspected");
  });

  test("draws the tensors of findings first if there are too many for one page", () => {
    const many = Array.from({ length: 70 }, (_, i) => ({
      name: `layer_${i}/kernel`,
      ...heNormal({ seed: i })<"float32">([8, 8]),
    }));
    // Duplicates among the last two, which would not be drawn otherwise.
    const copies = many.slice(-2).map((tensor, i) => ({ ...tensor, name: `copy_${i}/kernel` }));
    const { elements, text } = report(diagnose([...many, ...copies]));
    const labels = elements.flatMap(({ name, attributes }) =>
      name === "svg" ? [attributes.get("aria-label") ?? ""] : [],
    );
    expect(labels).toHaveLength(60);
    for (const name of ["layer_68", "layer_69", "copy_0", "copy_1"]) {
      expect(labels.some((label) => label.includes(name))).toBe(true);
    }
    expect(text).toContain("12 more tensors in the table above.");
  });

  const expected = new Set(
    [weights(), network("glorot_uniform", deep)].flatMap((made) => report(made).elements.map(({ name }) => name)),
  );

  test.each(hostileStrings)("shows %j as text for every external string", (hostile) => {
    const found = weights(hostile);
    const drawn = network("glorot_uniform", deep);
    const findings = drawn.findings.map((each) => ({ ...each, where: [hostile], found: hostile, notes: [hostile] }));
    for (const made of [found, { ...drawn, findings, activation: hostile, initializer: hostile, optimizer: hostile }]) {
      const { elements } = parseMarkup(diagnoseReport(made, { command: hostile, file: hostile }));
      for (const { name, attributes } of elements) {
        expect(expected.has(name)).toBe(true);
        for (const key of attributes.keys()) expect(key).not.toMatch(/^on|^src/);
      }
    }
  });
});
