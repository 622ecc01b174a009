import { describe, expect, test } from "vitest";
import { drawingValues, hostileStrings, parseMarkup } from "../test/parse-markup.ts";
import { type LineChart, type LineSeries, lineChart } from "./line-chart.ts";
import { standaloneFigure } from "./standalone-figure.ts";

function series(name: string, means: readonly (number | null)[], margin: number | null = null): LineSeries {
  return {
    name,
    lost: [],
    points: means.map((mean, index) => ({
      x: index + 1,
      mean,
      low: mean === null || margin === null ? null : mean - margin,
      high: mean === null || margin === null ? null : mean + margin,
    })),
  };
}

function chart(parts: Partial<LineChart>): LineChart {
  const defaults = { quantity: "Training loss", step: "epoch", band: null, domain: null, reference: null } as const;
  return { ...defaults, scale: "linear", series: [series("zeros", [2, 1.5, 1])], ...parts };
}

function drawn(parts: Partial<LineChart>): ReturnType<typeof parseMarkup> & { classes(name: string): number } {
  const parsed = parseMarkup(lineChart(chart(parts)));
  for (const value of drawingValues(parsed.elements)) expect(value).not.toMatch(/NaN|Infinity|undefined|null/);
  return {
    ...parsed,
    classes: (name) =>
      parsed.elements.filter(
        ({ attributes, path }) => path.length <= 2 && attributes.get("class")?.split(" ").includes(name),
      ).length,
  };
}

describe("lineChart", () => {
  test("is one labelled, scalable image without handlers or inline styles", () => {
    const { elements } = drawn({ band: "range over 8 seeds", series: [series("zeros", [2, 1], 0.1)] });
    const [root] = elements;
    expect(root?.attributes.get("role")).toBe("img");
    expect(root?.attributes.get("viewBox")).toMatch(/^0 0 \d+ \d+(\.\d)?$/);
    expect(root?.attributes.get("aria-label")).toBe(
      "Line chart of training loss by epoch. zeros from 2.00 to 1.00. Bands: range over 8 seeds.",
    );
    expect(
      elements.flatMap(({ attributes }) => [...attributes.keys()]).filter((key) => /^on|style|^width/.test(key)),
    ).toEqual([]);
  });

  test("distinguishes series by colour, dash and marker, in the plot and in the legend", () => {
    const names = ["zeros", "ones", "he_normal"];
    const { elements, text } = drawn({ series: names.map((name, index) => series(name, [1, 2 + index])) });
    const curves = elements.filter(({ attributes }) => attributes.get("class") === "curve");
    expect(curves).toHaveLength(6);
    const dashes = curves.map(({ attributes }) => attributes.get("stroke-dasharray") ?? "solid");
    expect(new Set(dashes.slice(0, 3)).size).toBe(3);
    expect(dashes.slice(3)).toEqual(dashes.slice(0, 3));
    for (const name of names) expect(text).toContain(name);
  });

  test("draws a band only for series that have one", () => {
    expect(drawn({ series: [series("zeros", [2, 1, 1], 0.1)] }).classes("band")).toBe(1);
    expect(drawn({}).classes("band")).toBe(0);
  });

  test("draws points instead of lines for a single step, with bars for the spread, side by side", () => {
    const parts = drawn({ series: [series("zeros", [2], 0.1), series("ones", [2], 0.1)] });
    expect([parts.classes("band"), parts.classes("interval")]).toEqual([0, 2]);
    const positions = parts.elements
      .filter(({ attributes }) => attributes.get("class") === "marker")
      .map(({ attributes }) => attributes.get("transform"));
    expect(positions).toHaveLength(4);
    expect(new Set(positions).size).toBe(4);
  });

  test("leaves a gap for a missing value and marks every diverged run", () => {
    const lost = { ...series("wild", [5, null, 3, 2]), lost: [1, 1, 2] };
    const parts = drawn({ series: [series("zeros", [2, 2, 2, 2]), lost] });
    const curve = parts.elements.filter(({ attributes }) => attributes.get("class") === "curve")[1];
    expect(curve?.attributes.get("d")?.match(/M/g)).toHaveLength(2);
    expect(parts.classes("lost")).toBe(3);
    expect(parts.elements[0]?.attributes.get("aria-label")).toContain("wild from 5.00 to 2.00, 3 diverged");
  });

  test("accepts a series and a chart without values", () => {
    const empty = { ...series("lost", [null, null]), lost: [1] };
    expect(drawn({ series: [empty], scale: "log" }).elements[0]?.attributes.get("aria-label")).toContain(
      "no finite value, 1 diverged",
    );
    expect(drawn({ series: [] }).classes("curve")).toBe(0);
  });

  test("spaces a log axis by ratio and refuses non-positive values", () => {
    const { elements } = drawn({ scale: "log", series: [series("x", [100, 10, 1])] });
    const curve = elements.find(({ attributes }) => attributes.get("class") === "curve");
    const ys = [...(curve?.attributes.get("d") ?? "").matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y));
    expect((ys[1] ?? 0) - (ys[0] ?? 0)).toBeCloseTo((ys[2] ?? 0) - (ys[1] ?? 0), 0);
    expect(() => lineChart(chart({ scale: "log", series: [series("x", [1, 0])] }))).toThrow(RangeError);
  });

  test("draws the reference line only inside the axis", () => {
    expect(drawn({ reference: { value: 1.4, name: "guess" } }).classes("reference")).toBe(1);
    expect(drawn({ reference: { value: 14, name: "guess" } }).classes("reference")).toBe(0);
  });

  test("thins markers of long curves and keeps numbers short", () => {
    const means = Array.from({ length: 200 }, (_, index) => 2 + Math.sin(index / 9) / 3);
    const svg = lineChart(chart({ series: [series("long", means)] }));
    expect(svg.match(/class="marker"/g)?.length).toBeLessThanOrEqual(10);
    expect(svg).not.toMatch(/\d\.\d{3}/);
  });

  test("keeps short names in the legend, and shortens long ones with the full name as a title", () => {
    const short = drawn({
      series: ["zeros", "glorot_normal", "random_normal(stddev=1)"].map((name) => series(name, [1, 2])),
    });
    expect(short.text).not.toContain("…");
    const name = `variance_scaling(${"scale=2,".repeat(30)})`;
    const long = drawn({ series: [series(name, [1, 2])] });
    expect(long.text).toContain("…");
    expect(long.text).toContain(name);
  });

  test.each(hostileStrings)("shows %j as text", (name) => {
    const { elements } = drawn({
      quantity: name,
      step: name,
      band: name,
      series: [{ ...series(name, [1, 2]), lost: [2] }],
    });
    expect(new Set(elements.map((element) => element.name))).toEqual(new Set(["svg", "g", "path", "text", "title"]));
  });
});

describe("standaloneFigure", () => {
  test("adds the namespace and the style sheet and stays well-formed", () => {
    const svg = standaloneFigure(lineChart(chart({})));
    const { elements } = parseMarkup(svg);
    expect(elements[0]?.attributes.get("xmlns")).toBe("http://www.w3.org/2000/svg");
    expect(elements[1]?.name).toBe("style");
    expect(elements[0]?.attributes.get("role")).toBe("img");
  });

  test("refuses text that is not a figure", () => {
    expect(() => standaloneFigure("<p>hello</p>")).toThrow(RangeError);
  });
});

test("places category labels below the steps, within the plot", () => {
  const { elements } = drawn({ labels: ["0.01", "0.1", "1"], step: "learning rate" });
  const svg = lineChart(chart({ labels: ["0.01", "0.1", "1"], step: "learning rate" }));
  for (const label of ["0.01", "0.1", "1"]) expect(svg).toContain(`>${label}</text>`);
  expect(elements.length).toBeGreaterThan(0);
  const at = (label: string): number => Number(new RegExp(`<text x="([\\d.]+)" y="[\\d.]+">${label}<`).exec(svg)?.[1]);
  expect(at("0\\.1") - at("0\\.01")).toBeCloseTo(at("1") - at("0\\.1"), 0);
});
