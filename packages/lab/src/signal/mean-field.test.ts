import { describe, expect, it } from "vitest";
import { activationFunctions, type MeanFieldActivation } from "./activation-functions.ts";
import { activationMeans, correlationMap, expectActivation } from "./activation-means.ts";
import { criticalPoint, phaseDiagram } from "./edge-of-chaos.ts";
import { meanField } from "./mean-field.ts";
import { gaussLegendre, normalNodes } from "./quadrature.ts";

describe("gaussLegendre", () => {
  it("integrates polynomials up to degree 2 n - 1 exactly", () => {
    const { nodes, weights } = gaussLegendre(16);
    for (const degree of [0, 2, 8, 30, 31]) {
      const integral = nodes.reduce((sum, x, i) => sum + (weights[i] ?? 0) * x ** degree, 0);
      expect(integral).toBeCloseTo(degree % 2 === 0 ? 2 / (degree + 1) : 0, 13);
    }
  });
});

describe("activationMeans", () => {
  it.each(Object.keys(activationFunctions) as MeanFieldActivation[])(
    "%s: derivative and slope match the function",
    (name) => {
      const f = expectActivation(name);
      const h = 1e-5;
      for (const x of [-3.3, -0.71, 0.37, 2.9]) {
        expect(f.derivative(x)).toBeCloseTo((f.value(x + h) - f.value(x - h)) / (2 * h), 7);
      }
      const difference = (activationMeans(f, 0.8 + h).square - activationMeans(f, 0.8 - h).square) / (2 * h);
      expect(activationMeans(f, 0.8).slope).toBeCloseTo(difference, 7);
      if (f.tiny) expect(f.value(1e-8) / 1e-8).toBeCloseTo(f.tiny[1], 6);
      if (f.huge) expect(f.value(-1e8) / -1e8).toBeCloseTo(f.huge[0], 6);
    },
  );
});

/** E[f(u) f(v)] by nested quadrature. */
function nested(name: MeanFieldActivation, q: number, c: number): number {
  const f = expectActivation(name);
  const outer = normalNodes(0, Math.sqrt(q), f.kinks);
  let sum = 0;
  outer.x.forEach((u, i) => {
    const inner = normalNodes(c * u, Math.sqrt(q * (1 - c * c)), f.kinks);
    let mean = 0;
    inner.x.forEach((v, j) => {
      mean += (inner.weight[j] ?? 0) * f.value(v);
    });
    sum += (outer.weight[i] ?? 0) * f.value(u) * mean;
  });
  return sum;
}

describe("correlationMap", () => {
  it.each(["tanh", "gelu", "sigmoid", "softplus"] as const)("agrees with nested quadrature for %s", (name) => {
    for (const c of [0, 0.3, 0.9, 0.999]) {
      expect(correlationMap(expectActivation(name), 1.3)(c)[0]).toBeCloseTo(nested(name, 1.3, c), 11);
    }
  });

  it.each(["selu", "elu"] as const)("agrees with nested quadrature for %s, which has a kink", (name) => {
    for (const c of [0, 0.3, 0.9, 0.999]) {
      expect(Math.abs(correlationMap(expectActivation(name), 1.3)(c)[0] - nested(name, 1.3, c))).toBeLessThan(2e-5);
    }
  });

  it("is the arc-cosine kernel for ReLU (Cho and Saul 2009)", () => {
    const map = correlationMap(expectActivation("relu"), 1);
    for (const c of [0, 0.25, 0.5, 0.75, 0.9]) {
      const angle = Math.acos(c);
      const kernel = (Math.sin(angle) + (Math.PI - angle) * c) / (2 * Math.PI);
      expect(Math.abs(map(c)[0] - kernel)).toBeLessThan(1e-6);
      expect(Math.abs(map(c)[1] - (Math.PI - angle) / (2 * Math.PI))).toBeLessThan(1e-5);
    }
  });
});

describe("meanField", () => {
  it("satisfies its equations", () => {
    for (const weightVariance of [0.7, 1.3, 1.9, 4, 60]) {
      const f = expectActivation("tanh");
      const { qStar, chi1 } = meanField("tanh", { weightVariance, biasVariance: 0.05 });
      const means = activationMeans(f, qStar ?? Number.NaN);
      expect(weightVariance * means.square + 0.05).toBeCloseTo(qStar ?? Number.NaN, 12);
      expect(chi1).toBeCloseTo(weightVariance * means.derivativeSquare, 12);
    }
  });

  it("recognises a signal that grows without bound, dies, or is constant", () => {
    expect(meanField("relu", { weightVariance: 2.1, biasVariance: 0 }).qStar).toBeNull();
    expect(meanField("relu", { weightVariance: 2, biasVariance: 0.1 }).qStar).toBeNull();
    expect(meanField("relu", { weightVariance: 2, biasVariance: 0 }).qStar).toBe(1);
    expect(meanField("relu", { weightVariance: 1, biasVariance: 0.1 }).qStar).toBeCloseTo(0.2, 12);
    expect(meanField("tanh", { weightVariance: 0.5, biasVariance: 0 })).toMatchObject({
      qStar: 0,
      cStar: 1,
      chi1: 0.5,
    });
    expect(meanField("tanh", { weightVariance: 1, biasVariance: 0 })).toMatchObject({ qStar: 0, xiC: null });
    const selu = meanField("selu", { weightVariance: 1, biasVariance: 0 });
    expect(selu.qStar).toBeCloseTo(1, 12); // its definition: Klambauer et al. 2017
    expect(selu.cStar).toBeCloseTo(0, 12);
  });

  it("has no edge of chaos for ReLU with a bias", () => {
    expect(criticalPoint("relu", 0)?.weightVariance).toBeCloseTo(2, 12);
    expect(criticalPoint("relu", 0.1)).toBeNull();
  });

  it("names the faulty argument", () => {
    expect(() => meanField("tahn" as "tanh", { weightVariance: 1, biasVariance: 0 })).toThrow(
      /activation: .*did you mean "tanh"/,
    );
    expect(() => meanField("tanh", { weightVariance: -1, biasVariance: 0 })).toThrow(
      "weightVariance: expected a finite number of 0 or more, got -1",
    );
    expect(() => criticalPoint("tanh", Number.NaN)).toThrow("biasVariance");
  });
});

describe("phaseDiagram", () => {
  it("is ordered left of the critical line and chaotic right of it", () => {
    const grid = { weightVariances: [0.8, 1.4, 2, 3], biasVariances: [0.01, 0.05, 0.2] };
    const { chi1, xiC, criticalLine } = phaseDiagram("tanh", grid);
    expect(criticalLine).toHaveLength(3);
    grid.biasVariances.forEach((_, row) => {
      grid.weightVariances.forEach((weightVariance, column) => {
        const isOrdered = weightVariance < (criticalLine[row]?.weightVariance ?? 0);
        expect((chi1[row]?.[column] ?? 1) < 1).toBe(isOrdered);
        expect(xiC[row]?.[column]).toBeGreaterThan(0);
      });
    });
  });
});
