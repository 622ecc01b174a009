// What the translations of layers have in common: the tensors of IN, what becomes of them, and why they stay.

import type { Layout, TensorPart } from "@fanin/lab/weights";
import type { AnyDType, Shape } from "@fanin/tensor";
import type { Architecture } from "../../weights/architecture.ts";
import type { MadeTensor } from "./gathered-values.ts";

/** A tensor of IN by its header. */
export interface SourceTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: AnyDType;
  readonly part: TensorPart;
}

/** Tensors of IN that become others together, or stay together. */
export interface Translation {
  readonly sources: readonly string[];
  /** Empty if the tensors stay. */
  readonly made: readonly MadeTensor[];
  /** What was done, or why the tensors stay. */
  readonly said: string;
}

/** What the translation of layers depends on. */
export interface TranslationContext {
  readonly tensors: ReadonlyMap<string, SourceTensor>;
  readonly to: Layout;
  /** Whether names become those of the other framework. */
  readonly renames: boolean;
  readonly architecture: Architecture | undefined;
  /** Paths to the cells of recurrent layers of Keras by the names of PyTorch's `weight_hh`, of an architecture. */
  readonly kerasCells: ReadonlyMap<string, readonly string[]>;
}

export const stay = (sources: readonly SourceTensor[], reason: string): Translation => ({
  sources: sources.map(({ name }) => name),
  made: [],
  said: `unchanged: ${reason}`,
});

export const isSame = (shape: Shape | undefined, ...sizes: number[]): boolean =>
  shape !== undefined && shape.length === sizes.length && sizes.every((size, axis) => shape[axis] === size);

export const present = <T>(values: readonly (T | undefined)[]): T[] => values.filter((value) => value !== undefined);

export const ofOneDtype = (tensors: readonly SourceTensor[]): boolean =>
  new Set(tensors.map(({ dtype }) => dtype)).size === 1;
