// The state of a training run as bytes. An interrupted run resumes from it bit-identically.
// Layout, all little-endian; the last 32 bytes are the SHA-256 of everything before them:
//
//   offset  size  content
//        0     8  the characters FANINRUN
//        8     4  u32  version of this layout: 1
//       12    32  SHA-256 of the run's identity: config, run, sizes of the data set
//       44     4  u32  epoch, from 1
//       48     4  u32  position in the epoch's order: examples done
//       52     4  u32  steps done, over all epochs
//       56     8  f64  sum of the losses in this epoch
//       64     8  f64  correct examples in this epoch
//       72     4  u32  E, the number of finished epochs
//       76     4  u32  A, the number of arrays (weights, then the optimizer's slots)
//       80     4  u32  F, floats in each array
//       84     4  zero
//       88  32 E  f64 x 4 for each epoch: loss, accuracy, validation loss and accuracy (NaN for null)
//        .  4 AF  the arrays, f32

import type { EpochMetrics } from "./result.ts";
import { sha256 } from "./sha256.ts";

const MAGIC = 0x4e_55_52_4e_49_4e_41_46n; // FANINRUN
const VERSION = 1;
const HEADER = 88;
const EPOCH = 32;
const DIGEST = 32;

/** The state of a run. */
export interface Checkpoint {
  /** The run's identity, in hex. */
  readonly identity: string;
  readonly epoch: number;
  readonly position: number;
  readonly step: number;
  readonly loss: number;
  readonly correct: number;
  readonly epochs: readonly EpochMetrics[];
  /** Weights, then each of the optimizer's slots. */
  readonly arrays: readonly Float32Array[];
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** The bytes of a checkpoint. */
export async function encodeCheckpoint(state: Checkpoint): Promise<Uint8Array<ArrayBuffer>> {
  const floats = state.arrays[0]?.length ?? 0;
  const body = HEADER + EPOCH * state.epochs.length + 4 * floats * state.arrays.length;
  const bytes = new Uint8Array(body + DIGEST);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, MAGIC, true);
  view.setUint32(8, VERSION, true);
  bytes.set(fromHex(state.identity), 12);
  for (const [i, value] of [state.epoch, state.position, state.step].entries()) view.setUint32(44 + 4 * i, value, true);
  view.setFloat64(56, state.loss, true);
  view.setFloat64(64, state.correct, true);
  for (const [i, value] of [state.epochs.length, state.arrays.length, floats].entries()) {
    view.setUint32(72 + 4 * i, value, true);
  }
  let at = HEADER;
  for (const { loss, accuracy, validationLoss, validationAccuracy } of state.epochs) {
    for (const value of [loss, accuracy, validationLoss, validationAccuracy]) {
      view.setFloat64(at, value ?? Number.NaN, true);
      at += 8;
    }
  }
  for (const array of state.arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  bytes.set(fromHex(await sha256(bytes.subarray(0, body))), body);
  return bytes;
}

/**
 * Reads a checkpoint from untrusted `bytes`.
 *
 * @throws RangeError if the bytes are damaged or belong to another run than `identity`.
 */
export async function decodeCheckpoint(bytes: Uint8Array, identity: string): Promise<Checkpoint> {
  const refuse = (expected: string, got: string): RangeError =>
    new RangeError(`checkpoint: expected ${expected}, got ${got}`);
  const body = bytes.length - DIGEST;
  if (body < HEADER) throw refuse(`at least ${HEADER + DIGEST} bytes`, String(bytes.length));
  // A copy, so that the floats are aligned.
  const copy = bytes.slice(0, body);
  const view = new DataView(copy.buffer);
  if (view.getBigUint64(0, true) !== MAGIC) throw refuse("the characters FANINRUN", "other bytes");
  if (view.getUint32(8, true) !== VERSION) throw refuse(`version ${VERSION}`, String(view.getUint32(8, true)));
  if ((await sha256(copy)) !== toHex(bytes.subarray(body)))
    throw refuse("bytes that match their SHA-256", "damaged bytes");
  const owner = toHex(copy.subarray(12, 44));
  if (owner !== identity) throw refuse(`run ${identity}`, owner);
  const [finished, arrays, floats] = [72, 76, 80].map((at) => view.getUint32(at, true)) as [number, number, number];
  const size = HEADER + EPOCH * finished + 4 * arrays * floats;
  if (size !== body) throw refuse(`${size + DIGEST} bytes`, String(bytes.length));
  const metric = (epoch: number, i: number): number => view.getFloat64(HEADER + EPOCH * epoch + 8 * i, true);
  return {
    identity,
    epoch: view.getUint32(44, true),
    position: view.getUint32(48, true),
    step: view.getUint32(52, true),
    loss: view.getFloat64(56, true),
    correct: view.getFloat64(64, true),
    epochs: Array.from({ length: finished }, (_, e) => ({
      loss: metric(e, 0),
      accuracy: metric(e, 1),
      validationLoss: orNull(metric(e, 2)),
      validationAccuracy: orNull(metric(e, 3)),
    })),
    arrays: Array.from({ length: arrays }, (_, a) => {
      const start = HEADER + EPOCH * finished + 4 * floats * a;
      return new Float32Array(copy.buffer, start, floats);
    }),
  };
}

/** The bounds that a run's plan sets for its state. */
export interface CheckpointPlan {
  readonly epochs: number;
  readonly batch: number;
  /** Examples of one epoch. */
  readonly examples: number;
  readonly hasValidation: boolean;
}

/**
 * Checks that a checkpoint is a state which the run can reach. Its hash detects damage but not forgery.
 *
 * @throws RangeError that names the field.
 */
export function expectReachable(state: Checkpoint, plan: CheckpointPlan): void {
  const refuse = (field: string, expected: string, got: unknown): never => {
    throw new RangeError(`checkpoint: ${field}: expected ${expected}, got ${got}`);
  };
  const { epoch, position, step, loss, correct, epochs } = state;
  const { batch, examples } = plan;
  if (epoch < 1 || epoch > plan.epochs + 1) refuse("epoch", `1 to ${plan.epochs + 1}`, epoch);
  const isOver = epoch > plan.epochs;
  const isPosition = position === 0 || (!isOver && position < examples && position % batch === 0);
  if (!isPosition) refuse("position", isOver ? "0" : `a multiple of ${batch} below ${examples}`, position);
  const steps = (epoch - 1) * Math.ceil(examples / batch) + position / batch;
  if (step !== steps) refuse("step", `${steps} at position ${position} of epoch ${epoch}`, step);
  if (!Number.isFinite(loss) || (position === 0 && loss !== 0)) {
    refuse("loss", position === 0 ? "0" : "a finite number", loss);
  }
  if (!(Number.isInteger(correct) && correct >= 0 && correct <= position))
    refuse("correct", `0 to ${position}`, correct);
  if (epochs.length !== epoch - 1) refuse("epochs", `${epoch - 1} finished epochs`, epochs.length);
  const isShare = (value: number | null): boolean => value !== null && value >= 0 && value <= 1;
  epochs.forEach(({ loss: mean, accuracy, validationLoss, validationAccuracy }, i) => {
    if (!Number.isFinite(mean)) refuse(`epochs[${i}].loss`, "a finite number", mean);
    if (!isShare(accuracy)) refuse(`epochs[${i}].accuracy`, "0 to 1", accuracy);
    const isHeld = plan.hasValidation
      ? isShare(validationAccuracy)
      : validationAccuracy === null && validationLoss === null;
    if (!isHeld) refuse(`epochs[${i}].validationAccuracy`, plan.hasValidation ? "0 to 1" : "none", validationAccuracy);
  });
}
