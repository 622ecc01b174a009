// Finds tensors that share their values: byte for byte, or as the same random numbers with another scale.

import type { InspectedTensor } from "./inspect-tensor.ts";
import type { TrainingState } from "./training-state.ts";

/** Names of tensors with the same values. */
export type SharedGroup = readonly string[];

type States = ReadonlyMap<string, TrainingState>;

const FEWEST = 8;
const TOLERANCE = 1e-4;
const DRAWN_ROLES: ReadonlySet<string> = new Set(["kernel", "recurrent", "depthwise", "embedding"]);

function isEqual(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null || (a.length === b.length && a.every((byte, i) => byte === b[i]));
}

/**
 * Whether equal values are worth reporting: an initializer drew each of them. Zeros and ones are common, biases are
 * short, and equal trained tensors are tied or copied on purpose.
 */
export function isTelling({ report }: InspectedTensor, states: States): boolean {
  const kind = report.family?.kind;
  const isRandom = kind === "drawn" || kind === "sparse" || (report.family?.name.endsWith("orthogonal") ?? false);
  return (
    DRAWN_ROLES.has(report.role) &&
    (report.statistics?.count ?? 0) >= FEWEST &&
    (isRandom || kind === "unknown") &&
    states.get(report.name) === "fresh"
  );
}

/** Groups of tensors with the same bytes and shape, among those that `isAsked` accepts. */
export function duplicates(
  tensors: readonly InspectedTensor[],
  isAsked: (tensor: InspectedTensor) => boolean,
): SharedGroup[] {
  const byHash = new Map<string, InspectedTensor[][]>();
  for (const inspected of tensors.filter(isAsked)) {
    const { tensor } = inspected;
    const key = `${tensor.dtype} ${tensor.shape.join(",")} ${tensor.fingerprint}`;
    const groups = byHash.get(key) ?? [];
    byHash.set(key, groups);
    const same = groups.find(([first]) => first && isEqual(first.tensor.bytes, tensor.bytes));
    if (same) same.push(inspected);
    else groups.push([inspected]);
  }
  return [...byHash.values()]
    .flat()
    .filter((group) => group.length > 1)
    .map((group) => group.map(({ tensor }) => tensor.name));
}

/** The first values divided by their norm, which removes the scale of random numbers. */
function direction(values: Float64Array): Float64Array {
  const length = Math.hypot(...values);
  return values.map((value) => (length > 0 ? value / length : 0));
}

const isClose = (a: Float64Array, b: Float64Array): boolean =>
  a.every((value, i) => Math.abs(value - (b[i] as number)) < TOLERANCE);

/** Groups of drawn tensors whose first values have a constant ratio, without complete duplicates. */
export function scaledCopies(tensors: readonly InspectedTensor[], states: States): SharedGroup[] {
  const telling = (inspected: InspectedTensor): boolean => isTelling(inspected, states);
  const duplicated = new Set(duplicates(tensors, telling).flatMap((group) => group.slice(1)));
  // Grid cells by the rounded first component: the members of a group lie in one cell or in two neighbouring ones.
  const cells = new Map<number, { direction: Float64Array; names: string[] }[]>();
  const groups: { direction: Float64Array; names: string[] }[] = [];
  for (const inspected of tensors) {
    const { tensor, report } = inspected;
    if (!telling(inspected) || report.family?.kind !== "drawn" || duplicated.has(report.name)) continue;
    if (tensor.beginning.length < 32) continue;
    const own = direction(tensor.beginning);
    const cell = Math.floor((own[0] ?? 0) / TOLERANCE);
    const near = [cell - 1, cell, cell + 1].flatMap((each) => cells.get(each) ?? []);
    const same = near.find((group) => isClose(group.direction, own));
    if (same) {
      same.names.push(report.name);
      continue;
    }
    const group = { direction: own, names: [report.name] };
    groups.push(group);
    cells.set(cell, [...(cells.get(cell) ?? []), group]);
  }
  return groups.map(({ names }) => names).filter((names) => names.length > 1);
}
