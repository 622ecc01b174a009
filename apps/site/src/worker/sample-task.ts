// The task of the Code view: draws, describes and hashes a tensor as `fanin sample` does.

import { type Distribution, get, type Initializer, parseInitializer, type StreamName } from "@fanin/core";
import { distributionHistogram } from "@fanin/figures";
import { writeNpy, writeSafetensors } from "@fanin/formats";
import { histogram, moments, sha256 } from "@fanin/lab";
import type { DType } from "@fanin/tensor";
import type { FigureData } from "./figure.ts";

/** The parameters that determine a tensor. */
export interface SampleRequest {
  readonly draw: string;
  readonly shape: readonly number[];
  readonly seed: number;
  readonly stream: StreamName;
}

/** The shown properties of the tensor. */
export interface SampleAnswer {
  readonly className: string;
  readonly config: string;
  readonly count: number;
  /** Null if no random numbers are drawn. */
  readonly stream: StreamName | null;
  readonly sha256: string;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly min: number;
  readonly max: number;
  readonly head: readonly number[];
  readonly figure: FigureData | null;
}

const BINS = 48;
const HEAD = 8;

/** Returns the initializer of a request; its arguments override the page's seed, as on the command line. */
function initializerOf({ draw, seed, stream }: SampleRequest): Initializer {
  const { class_name, config } = parseInitializer(draw);
  const takesSeed = "seed" in get({ class_name, config }, { stream }).getConfig();
  return get({ class_name, config: takesSeed ? { seed, ...config } : config }, { stream });
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

function figureOf(name: string, data: Float32Array, distribution: Distribution): FigureData | null {
  const { min, max } = moments(data);
  if (!(max > min)) return null;
  const counted = histogram(data, min, max, BINS);
  const width = (max - min) / BINS;
  const text = `mean ${short(distribution.mean)}, standard deviation ${short(Math.sqrt(distribution.variance))}`;
  return {
    key: "distribution",
    svg: distributionHistogram({
      name,
      quantity: "weights",
      histogram: counted,
      cdf: distribution.cdf ?? null,
      distribution: `σ ${short(Math.sqrt(distribution.variance))}`,
    }),
    caption: `Values by bin; distribution: ${text}.`,
    columns: ["from", "to", "values", "expected"],
    rows: counted.counts.map((count, bin) => {
      const [low, high] = [min + bin * width, min + (bin + 1) * width];
      const expected = distribution.cdf ? (distribution.cdf(high) - distribution.cdf(low)) * data.length : null;
      return [Number(short(low)), Number(short(high)), count, expected === null ? null : Math.round(expected)];
    }),
  };
}

/** Draws and describes. */
export async function sampleTask(request: SampleRequest): Promise<SampleAnswer> {
  const initializer = initializerOf(request);
  const { data } = initializer(request.shape);
  const { mean, standardDeviation, min, max } = moments(data);
  return {
    className: initializer.className,
    config: JSON.stringify(initializer.getConfig()),
    count: data.length,
    stream: initializer.stream,
    sha256: await sha256(data),
    mean,
    standardDeviation,
    min,
    max,
    head: Array.from(data.subarray(0, HEAD)),
    figure: figureOf(request.draw, data, initializer.distribution(request.shape)),
  };
}

/** Makes a file of the tensor. */
export function fileTask(request: SampleRequest & { readonly format: "npy" | "safetensors" }): Uint8Array<ArrayBuffer> {
  const initializer = initializerOf(request);
  const { shape, dtype, data } = initializer(request.shape);
  const tensor = { name: initializer.className, shape, dtype: dtype as DType & "float32", data };
  return request.format === "npy" ? writeNpy(tensor) : writeSafetensors([tensor]);
}
