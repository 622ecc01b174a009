// Reads and diagnoses a weight file, for both `inspect` and `diagnose`.

import type { Model } from "@fanin/formats";
import { openModel } from "@fanin/formats/node";
import type { WeightsDiagnosis } from "@fanin/lab";
import {
  diagnoseTensors,
  type InspectedTensor,
  inspectTensor,
  listed,
  type TensorPart,
  tensorParts,
  trainingStates,
  type WeightsOptions,
} from "@fanin/lab/weights";
import { expectReadable, type LeftOut, leftOut } from "../values/left-out.ts";
import { measureStored, type StoredMeasurement } from "./measure-stored.ts";
import { summarizeTensor, type TensorSummary } from "./tensor-summary.ts";

/** A file with its diagnosis. */
export interface JudgedFile {
  readonly file: string;
  readonly format: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly diagnosis: WeightsDiagnosis;
  readonly tensors: readonly TensorSummary[];
  /** Skipped contents of the file. */
  readonly skipped: readonly LeftOut[];
}

/** Options for diagnosing a file. */
export interface JudgeOptions extends Omit<WeightsOptions, "metadata"> {
  /** Called before each tensor is read. */
  readonly progress?: (done: number, all: number, name: string) => void;
}

/** Infers the roles of tensors from names, shapes and metadata. */
export function partsOf(file: Model, layout: WeightsOptions["layout"]): ReadonlyMap<string, TensorPart> {
  // What the metadata of .safetensors says, tensorParts weighs itself against the names.
  const proven = file.format === "safetensors" ? undefined : file.layout;
  return tensorParts([...file.tensors.values()], { layout, proven, metadata: file.metadata });
}

/** Reads and diagnoses a file, with one tensor in memory at a time, or all if the network must be run. */
export async function judgeFile(path: string, options: JudgeOptions): Promise<JudgedFile> {
  const file = await openModel(path);
  try {
    expectReadable(file, path);
    const parts = partsOf(file, options.layout);
    const keepsValues = options.activation !== undefined;
    const measurements: StoredMeasurement[] = [];
    const inspected: InspectedTensor[] = [];
    for (const tensor of listed([...file.tensors.values()])) {
      options.progress?.(inspected.length, file.tensors.size, tensor.name);
      const part = parts.get(tensor.name) as TensorPart;
      const measurement = await measureStored(tensor, part);
      inspected.push(inspectTensor(measurement.measured, part, keepsValues));
      measurements.push({ ...measurement, measured: { ...measurement.measured, values: null, matrix: null } });
    }
    const diagnosis = diagnoseTensors(inspected, options);
    const states = trainingStates(inspected);
    const tensors = inspected.map((each, i) =>
      summarizeTensor(measurements[i] as StoredMeasurement, each, states.get(each.report.name) ?? "unknown"),
    );
    const metadata = Object.fromEntries(file.format === "safetensors" ? file.metadata : []);
    return { file: path, format: file.format, metadata, diagnosis, tensors, skipped: leftOut(file) };
  } finally {
    await file.close();
  }
}
