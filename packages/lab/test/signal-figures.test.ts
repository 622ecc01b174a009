// The figures of signals: the positions of marks, and the text for screen readers.

import { heNormal } from "@fanin/core";
import { describe, expect, it } from "vitest";
import { cividis } from "../../figures/src/color-map.ts";
import { type DepthProfile, depthProfile } from "../../figures/src/depth-profile.ts";
import { distributionDistance, distributionHistogram } from "../../figures/src/distribution-histogram.ts";
import { heatStrip } from "../../figures/src/heat-strip.ts";
import { phaseMap } from "../../figures/src/phase-map.ts";
import { histogram } from "../src/engine/moments.ts";
import { phaseDiagram } from "../src/signal/edge-of-chaos.ts";
import { meanField } from "../src/signal/mean-field.ts";
import { propagate } from "../src/signal/propagate.ts";

const hostile = `<script>"&'`;

/** Checks that every coordinate is a number, every tag is closed, and there is one label. */
function expectDrawn(svg: string): void {
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  expect(svg).not.toContain("<script");
  expect(svg.match(/role="img"/g)).toHaveLength(1);
  const open: string[] = [];
  for (const [, closing, name = "", selfClosing] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/gi)) {
    if (closing) expect(open.pop()).toBe(name);
    else if (!selfClosing) open.push(name);
  }
  expect(open).toEqual([]);
}

const report = propagate(
  { layers: [16, 16, 16, 16, 4], activation: "relu", initializer: "glorot_uniform" },
  { seed: 0, batch: 32 },
);

function profile(name: string): DepthProfile {
  const { signals } = report;
  const curve = {
    name,
    measured: signals.map(({ forward }) => forward.log10),
    theory: signals.flatMap(({ forward }) => forward.theory ?? []),
  };
  return { title: hostile, curves: [curve] };
}

describe("depthProfile", () => {
  it("has a dot per layer, a dashed line, a band and a description", () => {
    const svg = depthProfile(profile(hostile));
    expectDrawn(svg);
    // The extra marker is in the legend.
    expect(svg.match(/class="marker"/g)).toHaveLength(5);
    expect(svg.match(/class="band"/g)).toHaveLength(1);
    expect(svg).toContain('stroke-dasharray="6 4"');
    expect(svg).toMatch(/aria-label="[^"]*from 0\.\d+ to 0\.0\d+, 0 of 4 layers outside the band/);
  });

  it("draws values beyond doubles, gaps, and empty curves", () => {
    const far = [-400, null, 400];
    const svg = depthProfile({ title: "x", curves: [{ name: "far", measured: far, theory: null }] });
    expectDrawn(svg);
    expect(svg).toContain("from 1.0e\u2212400 to 1.0e400");
    expectDrawn(depthProfile({ title: "x", curves: [] }));
    const none = depthProfile({ title: "x", curves: [{ name: "a", measured: [null], theory: null }] });
    expect(none).toContain(">0 or not finite in every layer</text>");
    expect(none).not.toContain('class="grid"');
  });

  it("shows true values at the end of the range of doubles, by a linear axis of powers", () => {
    const at = (log10: number): number => {
      const measured = [0, log10, -1000, 1000];
      const svg = depthProfile({ title: "x", curves: [{ name: "far", measured, theory: null }] });
      // The marker of the second layer.
      return Number([...svg.matchAll(/class="marker"[^>]*translate\([\d.]+ ([\d.]+)\)/g)][1]?.[1]);
    };
    expect(at(-300) - at(-200)).toBeCloseTo(at(-200) - at(-100), 0);
    expect(at(-300) - at(-200)).toBeGreaterThan(5);
    const measured = [0, -307.4];
    const svg = depthProfile({ title: "x", curves: [{ name: "a", measured, theory: null }] });
    expect(svg).toContain("from 1.0 to 4.0e\u2212308");
    expect(svg).toContain(">1e\u2212300</text>");
  });

  it("refuses theory of another length", () => {
    const curves = [{ name: "a", measured: [0], theory: [] }];
    expect(() => depthProfile({ title: "x", curves })).toThrow("curves: expected 1 layers of theory for a, got 0");
  });
});

describe("heatStrip", () => {
  it("draws cells without seams between rows", () => {
    const svg = heatStrip({ title: hostile, low: -1, high: 1, counts: report.signals.map(({ counts }) => counts) });
    expectDrawn(svg);
    const edges = [...svg.matchAll(/M[\d.]+ ([\d.]+)H[\d.]+V([\d.]+)H/g)].map(([, top, bottom]) => [top, bottom]);
    const tops = new Set(edges.map(([top]) => top));
    const inside = edges.filter(([, bottom]) => Number(bottom) < 190);
    expect(inside.length).toBeGreaterThan(10);
    for (const [, bottom] of inside) expect(tops.has(bottom)).toBe(true);
    expect(svg).toMatch(/The fullest bin holds \d+ % of the first layer/);
  });

  it("refuses unequal bins and an empty range", () => {
    expect(() => heatStrip({ title: "x", low: 0, high: 1, counts: [[1], [1, 2]] })).toThrow(
      "counts[1]: expected 1 bins, got 2",
    );
    expect(() => heatStrip({ title: "x", low: 1, high: 1, counts: [] })).toThrow("low, high");
  });
});

describe("phaseMap", () => {
  const grid = { weightVariances: [0.5, 1, 1.5, 2, 2.5], biasVariances: [0, 0.05, 0.1] };

  it("draws and describes the edge of chaos and the network", () => {
    const { xiC } = meanField("tanh", { weightVariance: 1.3, biasVariance: 0.05 });
    const point = { name: hostile, weightVariance: 1.3, biasVariance: 0.05, xiC };
    const svg = phaseMap(phaseDiagram("tanh", grid), point);
    expectDrawn(svg);
    expect(svg).toContain('class="edge"');
    expect(svg.match(/class="marker"/g)).toHaveLength(1);
    expect(svg).toContain("from weight variance 1.00 at bias variance 0 to 1.99 at 0.10");
    expect(svg).toContain("depth scale 7.83 layers");
  });

  it("leaves unstable cells blank and omits a network outside the map", () => {
    const point = { name: "far", weightVariance: 9, biasVariance: 0, xiC: null };
    const svg = phaseMap(phaseDiagram("relu", grid), point);
    expectDrawn(svg);
    expect(svg).not.toContain('class="marker"');
    expect(svg).toMatch(/Nothing is stable at 3 of 15 points/);
  });

  it("refuses a grid of one point", () => {
    const one = phaseDiagram("tanh", { weightVariances: [1], biasVariances: [0, 1] });
    expect(() => phaseMap(one, null)).toThrow("weightVariances: expected two or more, got 1");
  });
});

describe("distributionHistogram", () => {
  const init = heNormal({ seed: 0 });
  const counted = histogram(init([200, 100]).data, -0.25, 0.25, 40);

  it("draws the expected density dashed over the bars and states their distance", () => {
    const cdf = init.distribution([200, 100]).cdf ?? null;
    const figure = { name: hostile, quantity: "weights", histogram: counted, cdf, distribution: "truncated normal" };
    const svg = distributionHistogram(figure);
    expectDrawn(svg);
    expect(svg).toContain('class="before"');
    expect(distributionDistance(figure)).toBeLessThan(1.95 / Math.sqrt(20_000)); // Kolmogorov's 0.1 %
    expect(
      distributionDistance({ histogram: counted, cdf: heNormal().distribution([100, 100]).cdf ?? null }),
    ).toBeGreaterThan(0.05);
  });

  it("draws without a distribution, and refuses a range that is none", () => {
    expectDrawn(
      distributionHistogram({
        name: "x",
        quantity: "weights",
        histogram: counted,
        cdf: null,
        distribution: "no closed form",
      }),
    );
    const none = { low: 1, high: 1, counts: [1] };
    expect(() =>
      distributionHistogram({ name: "x", quantity: "w", histogram: none, cdf: null, distribution: "" }),
    ).toThrow("histogram: expected finite");
  });
});

describe("cividis", () => {
  // Rows of matplotlib's _cividis_data between the colours of the map, rounded to 8 bits.
  it.each([
    [7, "002859"],
    [22, "003171"],
    [28, "123570"],
    [64, "434e6c"],
    [101, "656870"],
    [128, "7d7c78"],
    [163, "9e9676"],
    [222, "dcc859"],
    [248, "f9e03a"],
    [253, "fee535"],
  ])("has the published colour %d within 4 of 255", (index, published) => {
    const channels = (color: string): number[] =>
      (color.match(/[0-9a-f]{2}/g) ?? []).map((channel) => Number.parseInt(channel, 16));
    const expected = channels(published);
    const differences = channels(cividis(index / 255)).map((channel, i) => Math.abs(channel - (expected[i] ?? 0)));
    expect(differences).toHaveLength(3);
    expect(Math.max(...differences)).toBeLessThanOrEqual(4);
  });

  it("rises evenly in lightness, from end to end", () => {
    const lightness = Array.from({ length: 33 }, (_, i) => {
      const [r = 0, g = 0, b = 0] = (cividis(i / 32).match(/[0-9a-f]{2}/g) ?? []).map((channel) =>
        Number.parseInt(channel, 16),
      );
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    });
    for (const [i, value] of lightness.entries()) if (i > 0) expect(value).toBeGreaterThan(lightness[i - 1] ?? 0);
    expect([cividis(-1), cividis(2)]).toEqual(["#00224e", "#fee838"]);
  });
});
