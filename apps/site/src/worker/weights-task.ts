// The task of the Weights view: opens dropped files within limits, describes every tensor, and diagnoses the model.
// The readers of @fanin/formats reject hostile files.

import { glorotUniform, heNormal, type Initializer, zeros } from "@fanin/core";
import { blocksHistogram, distributionHistogram, weightTiles } from "@fanin/figures";
import {
  MalformedFileError,
  type Model,
  type NamedTensor,
  openModel,
  type SkippedTensor,
  writeSafetensors,
} from "@fanin/formats";
import { diagnose, type Finding, histogram, moments } from "@fanin/lab";
import {
  familyDistribution,
  type Layout,
  listed,
  marchenkoPastur,
  singularValues,
  type TensorReport,
  type WeightTensor,
} from "@fanin/lab/weights";
import { sizeOf, toFloat32 } from "@fanin/tensor";
import type { FigureData } from "./figure.ts";

/** One row of the table of tensors. */
export interface TensorLine {
  readonly name: string;
  readonly shape: string;
  readonly dtype: string;
  readonly role: string;
  readonly values: string;
  readonly family: string;
}

/** The contents of the files. */
export interface WeightsAnswer {
  readonly files: string;
  readonly parameters: number;
  readonly layout: string;
  readonly lines: readonly TensorLine[];
  readonly findings: readonly Finding[];
  /** Skipped contents of the files, with the reasons. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

const MAX_BYTES = 512 * 2 ** 20;
const MAX_SPECTRUM = 256; // of the smaller side: the time of a spectrum grows with its cube
const BINS = 48;

interface Inspected {
  readonly tensor: WeightTensor;
  readonly report: TensorReport;
}
let inspected: readonly Inspected[] = [];

/** The tensors of the files, what is skipped, and what is known of their layout. */
interface ReadFiles {
  /** The names of the files that were opened; shards are not among them. */
  readonly names: readonly string[];
  readonly tensors: readonly WeightTensor[];
  readonly skipped: readonly SkippedTensor[];
  readonly metadata: ReadonlyMap<string, string>;
  readonly proven: Layout | undefined;
}

/** Opens the files as one model if a manifest is among them, or if there is one; otherwise each by itself. */
async function openAll(files: readonly File[]): Promise<(readonly [file: string, model: Model])[]> {
  const manifest = files.length === 1 ? files[0] : files.find(({ name }) => /\.json$/i.test(name));
  if (manifest !== undefined) return [[manifest.name, await openModel(files)]];
  const opened: [string, Model][] = [];
  for (const file of files) opened.push([file.name, await openModel(file)]);
  return opened;
}

async function readAll(files: readonly File[]): Promise<ReadFiles> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > MAX_BYTES) throw new RangeError(`files: expected at most ${MAX_BYTES} bytes in all, got ${total}`);
  const tensors: WeightTensor[] = [];
  const skipped: SkippedTensor[] = [];
  const names = new Set<string>();
  const models = await openAll(files);
  try {
    for (const [file, model] of models) {
      skipped.push(...model.skipped);
      for (const stored of listed([...model.tensors.values()])) {
        const { shape, dtype, data } = await stored.read();
        const name = names.has(stored.name) ? `${file}: ${stored.name}` : stored.name;
        names.add(name);
        tensors.push({ name, shape, dtype, data });
      }
    }
  } finally {
    for (const [, model] of models) await model.close();
  }
  const [first] = skipped;
  if (tensors.length === 0 && first) {
    throw new RangeError(`no readable tensors; ${first.name}: ${first.reason}`);
  }
  const [[, model], ...others] = models as [readonly [string, Model], ...(readonly [string, Model])[]];
  const isOne = others.length === 0;
  return {
    names: models.map(([file]) => file),
    tensors,
    skipped,
    metadata: isOne ? model.metadata : new Map(),
    proven: isOne && model.format !== "safetensors" ? model.layout : undefined,
  };
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

function line({ name, shape, dtype, role, statistics, histogram: bars, family }: TensorReport): TensorLine {
  let values = "not real numbers";
  if (statistics) {
    const { min, max, mean, standardDeviation, nans, infinities, count } = statistics;
    const broken = [nans > 0 ? `${nans} NaN` : "", infinities > 0 ? `${infinities} infinite` : ""]
      .filter(Boolean)
      .join(", ");
    values =
      count === 0
        ? "no values"
        : broken !== ""
          ? broken
          : bars
            ? `x∈[${short(min)} |${blocksHistogram(bars.counts)}| ${short(max)}] μ=${short(mean)} σ=${short(standardDeviation)}`
            : `all ${short(mean)}`;
  }
  return {
    name,
    shape: `[${shape.join(", ")}]`,
    dtype,
    role,
    values,
    family: family?.description ?? "not checked",
  };
}

/** Opens and diagnoses the files; closes the previous ones. */
export async function weightsTask({ files }: { readonly files: readonly File[] }): Promise<WeightsAnswer> {
  inspected = [];
  let read: Awaited<ReturnType<typeof readAll>>;
  try {
    read = await readAll(files);
  } catch (error) {
    if (error instanceof MalformedFileError) throw new Error(`${error.code}: ${error.message}`, { cause: error });
    throw error;
  }
  const { tensors, skipped, metadata, proven } = read;
  const { tensors: reports, findings, parameters, layout } = diagnose(tensors, { metadata, proven });
  inspected = tensors.flatMap((tensor, i) => {
    const report = reports[i];
    return report ? [{ tensor, report }] : [];
  });
  return {
    files: read.names.join(", "),
    parameters,
    layout,
    lines: reports.map(line),
    findings,
    skipped: skipped.map(({ name, dtype, reason }) => ({ name: dtype ? `${name} (${dtype})` : name, reason })),
  };
}

/** Makes a small faulty file as an example. */
export function exampleTask(): Promise<WeightsAnswer> {
  const tensor = (name: string, { shape, data }: ReturnType<Initializer>): NamedTensor => ({
    name,
    shape,
    dtype: "float32",
    data: data as Float32Array<ArrayBuffer>, // initializers return float32 by default
  });
  const shared = heNormal({ seed: 1 });
  const bytes = writeSafetensors([
    tensor("dense/kernel", heNormal({ seed: 0 })([784, 128])),
    tensor("dense/bias", zeros()([128])),
    tensor("dense_1/kernel", shared([128, 128])),
    tensor("dense_1/bias", zeros()([128])),
    tensor("dense_2/kernel", shared([128, 128])),
    tensor("dense_2/bias", zeros()([128])),
    tensor("dense_3/kernel", glorotUniform({ seed: 2 })([128, 10])),
    tensor("dense_3/bias", zeros()([10])),
  ]);
  return weightsTask({ files: [new File([bytes], "example.safetensors")] });
}

function valuesFigure({ tensor, report }: Inspected, data: Float32Array): FigureData | null {
  const { min, max } = moments(data);
  if (!(max > min && Number.isFinite(max - min))) return null;
  const counted = histogram(data, min, max, BINS);
  const cdf = familyDistribution(report)?.cdf ?? null;
  const width = (max - min) / BINS;
  const text = report.family?.name ?? "no known distribution";
  return {
    key: `values of ${tensor.name}`,
    svg: distributionHistogram({ name: tensor.name, quantity: "weights", histogram: counted, cdf, distribution: text }),
    caption: `Values of ${tensor.name} by bin; it looks like ${report.family?.description ?? "no known distribution"}.`,
    columns: ["from", "to", "values"],
    rows: counted.counts.map((count, bin) => [
      Number(short(min + bin * width)),
      Number(short(min + (bin + 1) * width)),
      count,
    ]),
  };
}

function spectrumFigure({ tensor, report }: Inspected, data: Float32Array): FigureData | null {
  const [rows = 0, columns = 0] = tensor.shape;
  if (tensor.shape.length !== 2 || Math.min(rows, columns) < 8 || Math.min(rows, columns) > MAX_SPECTRUM) return null;
  const deviation = report.statistics?.standardDeviation ?? 0;
  if (!(deviation > 0) || !data.every(Number.isFinite)) return null;
  const values = singularValues(data, rows, columns);
  const expected = marchenkoPastur(rows, columns, deviation ** 2);
  const high = Math.max(expected.high, ...values) * 1.02;
  const bins = 24;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor((value / high) * bins));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return {
    key: `spectrum of ${tensor.name}`,
    svg: distributionHistogram({
      name: "Spectrum",
      quantity: "singular values",
      histogram: { low: 0, high, counts },
      cdf: (x) => expected.cdf(x),
      distribution: "Marchenko–Pastur",
    }),
    caption: `Singular values of ${tensor.name}; those of independent weights of the same variance lie between ${short(expected.low)} and ${short(expected.high)}.`,
    columns: ["rank", "singular value"],
    rows: Array.from(values, (value, i) => [i + 1, Number(short(value))]),
  };
}

const SIDE = 28; // side of the images of MNIST and similar data sets

/** Draws the units of a layer on 28 x 28 images as images; null for any other layer. */
function tilesFigure({ tensor, report }: Inspected, data: Float32Array): FigureData | null {
  const { shape } = tensor;
  const [rows = 0, columns = 0] = shape;
  const { fanIn, fanOut } = report;
  if (shape.length !== 2 || fanIn !== SIDE * SIDE) return null;
  // Keras stores (in, out), torch (out, in).
  const [perInput, perUnit] = rows === fanIn && columns === fanOut ? [columns, 1] : [1, columns];
  const units = Array.from({ length: fanOut }, (_, unit) =>
    Float32Array.from({ length: fanIn }, (_, i) => data[i * perInput + unit * perUnit] as number),
  );
  return {
    key: `tiles of ${tensor.name}`,
    svg: weightTiles({ name: tensor.name, units, side: SIDE }),
    caption: `Weights of ${tensor.name} by unit, the first 256.`,
    columns: ["unit", "mean", "standard deviation", "smallest", "largest"],
    rows: units.slice(0, 256).map((unit, u) => {
      const { mean, standardDeviation, min, max } = moments(unit);
      return [u, ...[mean, standardDeviation, min, max].map((value) => Number(short(value)))];
    }),
  };
}

/** Draws the figures of one tensor of the current files. */
export function tensorTask({ index }: { readonly index: number }): readonly FigureData[] {
  const found = inspected[index];
  if (!found || found.report.statistics === null || sizeOf(found.tensor.shape) === 0) return [];
  const data = float32Of(found.tensor);
  const made = [valuesFigure(found, data), spectrumFigure(found, data), tilesFigure(found, data)];
  return made.flatMap((figure) => figure ?? []);
}

function float32Of(tensor: WeightTensor): Float32Array {
  return toFloat32(tensor as unknown as Parameters<typeof toFloat32>[0]).data;
}
