// TensorFlow.js's optimizers with each variable updated in one pass of a kernel, in place; state, names and configs are theirs.
// Source: optimizers/*.ts of tfjs-core 4.22; AdamW is Loshchilov and Hutter 2019 in the form of keras/src/optimizers/adamw.py 3.16.

import {
  AdamOptimizer,
  type DataId,
  engine,
  MomentumOptimizer,
  mul,
  RMSPropOptimizer,
  SGDOptimizer,
  serialization,
  type Tensor,
  tidy,
  type Variable,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { FaninBackend } from "./backend.ts";
import type { TensorData } from "./tensor-data.ts";

type Gradients = Parameters<AdamOptimizer["applyGradients"]>[0];

/** A state variable as TensorFlow.js's optimizers keep it. */
interface Slot {
  originalName: string;
  variable: Variable;
}

interface AdamState {
  beta1: number;
  beta2: number;
  epsilon: number;
  accBeta1: Variable;
  accBeta2: Variable;
  accumulatedFirstMoment: Slot[];
  accumulatedSecondMoment: Slot[];
}

interface MomentumState {
  learningRate: number;
  momentum: number;
  useNesterov: boolean;
  m: Tensor;
  accumulations: Slot[];
}

interface RmspropState {
  learningRate: number;
  decay: number;
  momentum: number;
  epsilon: number;
  centered: boolean;
  accumulatedMeanSquares: Slot[];
  accumulatedMoments: Slot[];
  accumulatedMeanGrads: Slot[];
}

/** The current backend, if it is one of ours. */
function ownBackend(): FaninBackend | undefined {
  const { backend } = engine();
  return backend instanceof FaninBackend ? backend : undefined;
}

/** Calls `update` for every variable that has a gradient, with its position in the list. */
function forEachGradient(
  gradients: Gradients,
  update: (variable: Variable, gradient: Tensor, i: number) => void,
): void {
  const list: readonly (readonly [string, Tensor | null | undefined])[] = Array.isArray(gradients)
    ? gradients.map(({ name, tensor }) => [name, tensor] as const)
    : Object.entries(gradients);
  for (const [i, [name, gradient]] of list.entries()) {
    const variable = engine().registeredVariables[name];
    if (variable && gradient) update(variable, gradient, i);
  }
}

/** The state of variable `i`, zeros at first. */
function slot(slots: Slot[], i: number, variable: Variable, suffix: string): Variable {
  const originalName = `${variable.name}/${suffix}`;
  slots[i] ??= { originalName, variable: tidy(() => zerosLike(variable).variable(false)) as Variable };
  return slots[i].variable;
}

/**
 * The values of a variable, to be written in place; where other tensors share them (a clone that someone keeps), the
 * variable gets a copy first.
 */
function writable(backend: FaninBackend, variable: Variable): TensorData {
  const data = backend.get(variable.dataId as DataId);
  if (data.refCount === 1) return data;
  tidy(() => {
    const dataId = backend.write(backend.readSync(variable.dataId), variable.shape, variable.dtype);
    const copy = engine().makeTensorFromTensorInfo({ dataId, shape: variable.shape, dtype: variable.dtype }, backend);
    variable.assign(copy as never);
  });
  return backend.get(variable.dataId as DataId);
}

/** Writes a scalar variable. */
function write(backend: FaninBackend, variable: Variable, value: number): void {
  const { pointer } = writable(backend, variable);
  backend.arena.f32(pointer, 1)[0] = value;
}

/** Plain gradient descent: w -= rate g. */
export class FusedSgd extends SGDOptimizer {
  override applyGradients(gradients: Gradients): void {
    const backend = ownBackend();
    if (!backend) {
      super.applyGradients(gradients);
      return;
    }
    forEachGradient(gradients, (variable, gradient) => {
      const w = writable(backend, variable);
      backend.kernels.sgd_f32(w.pointer, backend.pointer(gradient), w.size, this.learningRate);
    });
    this.incrementIterations();
  }
}

/** Momentum over summed gradients, optionally Nesterov's. */
export class FusedMomentum extends MomentumOptimizer {
  override applyGradients(gradients: Gradients): void {
    const backend = ownBackend();
    if (!backend) {
      super.applyGradients(gradients);
      return;
    }
    const { accumulations, learningRate, m, useNesterov } = this as unknown as MomentumState;
    const momentum = (backend.get(m.dataId).values as Float32Array)[0] as number;
    forEachGradient(gradients, (variable, gradient, i) => {
      const sum = writable(backend, slot(accumulations, i, variable, "momentum"));
      const w = writable(backend, variable);
      const [rate, nesterov] = [learningRate, useNesterov ? 1 : 0];
      const g = backend.pointer(gradient);
      backend.kernels.summed_momentum_f32(w.pointer, sum.pointer, g, w.size, rate, momentum, nesterov);
    });
    this.incrementIterations();
  }
}

/** Adam, and AdamW where there is a weight decay. */
export class FusedAdam extends AdamOptimizer {
  protected weightDecay = 0;

  override applyGradients(gradients: Gradients): void {
    const backend = ownBackend();
    if (!backend) {
      this.decayByOps(gradients);
      super.applyGradients(gradients);
      return;
    }
    const state = this as unknown as AdamState;
    // By the number of steps and not by repeated products, so that a state that was saved and restored goes on to the same bits.
    const step = this.iterations + 1;
    const power1 = state.beta1 ** step;
    const power2 = state.beta2 ** step;
    // With c = sqrt(1 - beta2^t): m' / (sqrt(v / c^2) + epsilon) = m' c / (sqrt(v) + epsilon c).
    const correction = Math.sqrt(1 - power2);
    const alpha = (this.learningRate * correction) / (1 - power1);
    const { kernels } = backend;
    forEachGradient(gradients, (variable, gradient, i) => {
      const m = writable(backend, slot(state.accumulatedFirstMoment, i, variable, "m"));
      const v = writable(backend, slot(state.accumulatedSecondMoment, i, variable, "v"));
      const w = writable(backend, variable);
      // The decay is gradient descent along the weights themselves.
      if (this.weightDecay > 0) kernels.sgd_f32(w.pointer, w.pointer, w.size, this.learningRate * this.weightDecay);
      kernels.adam_f32(
        ...([w.pointer, m.pointer, v.pointer, backend.pointer(gradient), w.size] as const),
        ...([alpha, 1 - state.beta1, 1 - state.beta2, state.epsilon * correction] as const),
      );
    });
    // TensorFlow.js's own step reads these, should the backend change.
    write(backend, state.accBeta1, power1 * state.beta1);
    write(backend, state.accBeta2, power2 * state.beta2);
    this.incrementIterations();
  }

  /** The decay on another backend. */
  private decayByOps(gradients: Gradients): void {
    if (this.weightDecay === 0) return;
    forEachGradient(gradients, (variable) =>
      tidy(() => variable.assign(mul(variable, 1 - this.learningRate * this.weightDecay))),
    );
  }
}

/** Adam with decoupled weight decay. */
export class FusedAdamW extends FusedAdam {
  static override get className(): string {
    return "AdamW";
  }

  constructor(learningRate: number, beta1: number, beta2: number, epsilon: number | undefined, weightDecay: number) {
    super(learningRate, beta1, beta2, epsilon);
    this.weightDecay = weightDecay;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), weightDecay: this.weightDecay };
  }

  static override fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T {
    const { learningRate, beta1, beta2, epsilon, weightDecay } = config;
    return new (cls as unknown as new (...values: unknown[]) => T)(learningRate, beta1, beta2, epsilon, weightDecay);
  }
}

/** RMSprop, with momentum and centered where asked for. */
export class FusedRmsprop extends RMSPropOptimizer {
  override applyGradients(gradients: Gradients): void {
    const backend = ownBackend();
    if (!backend) {
      super.applyGradients(gradients);
      return;
    }
    const state = this as unknown as RmspropState;
    forEachGradient(gradients, (variable, gradient, i) => {
      const v = writable(backend, slot(state.accumulatedMeanSquares, i, variable, "rms"));
      const d = writable(backend, slot(state.accumulatedMoments, i, variable, "momentum"));
      const mean = state.centered ? writable(backend, slot(state.accumulatedMeanGrads, i, variable, "mg")).pointer : 0;
      const w = writable(backend, variable);
      backend.kernels.rmsprop_momentum_f32(
        ...([w.pointer, v.pointer, d.pointer, backend.pointer(gradient), w.size, state.learningRate] as const),
        ...([state.decay, 1 - state.decay, state.momentum, state.epsilon, mean] as const),
      );
    });
    this.incrementIterations();
  }
}

/** Makes configs that name AdamW loadable, as a saved model's training config does. */
export function registerOptimizers(): void {
  serialization.registerClass(FusedAdamW);
}
