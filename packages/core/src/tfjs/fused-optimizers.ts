// TensorFlow.js's optimizers with each variable updated in one pass of a kernel, in place; names, saved forms and configs are theirs.
// State belongs to variables, as Keras keeps it: one optimizer may serve several lists of variables, and layers may be frozen.
// Source: optimizers/*.ts of tfjs-core 4.22; AdamW and the centered RMSprop are those of keras/src/optimizers 3.15.1.
// One file: the five classes are what a step of TensorFlow.js is, over the same few functions.

import { describeBriefly } from "@fanin/tensor/arguments";
import {
  AdamOptimizer,
  add,
  backend_util,
  broadcastTo,
  cast,
  type DataId,
  div,
  engine,
  keep,
  MomentumOptimizer,
  maximum,
  mul,
  RMSPropOptimizer,
  SGDOptimizer,
  scalar,
  serialization,
  sqrt,
  square,
  sub,
  type Tensor,
  tidy,
  util,
  type Variable,
} from "@tensorflow/tfjs-core";
import { FaninBackend } from "./backend.ts";
import type { TensorData } from "./tensor-data.ts";
import { type NamedTensor, VariableSlots } from "./variable-slots.ts";

type Gradients = Parameters<AdamOptimizer["applyGradients"]>[0];

/** A variable with the gradient of this step, which may be missing. */
interface Step {
  readonly variable: Variable;
  readonly gradient: Tensor | undefined;
}

/** What tfjs declares private and its own step reads. */
interface AdamState {
  epsilon: number;
  accBeta1: Variable;
  accBeta2: Variable;
}

/** The current backend, if it is one of ours. */
function ownBackend(): FaninBackend | undefined {
  const { backend } = engine();
  return backend instanceof FaninBackend ? backend : undefined;
}

/**
 * Refuses a gradient that tfjs's own optimizers refuse, with their messages: they broadcast it, take integers for floats, and
 * assign the result to the variable, which must keep its shape and dtype.
 */
function checkGradient({ name, shape, dtype }: Variable, gradient: Tensor): void {
  if (dtype === "float32" && gradient.dtype === "float32" && util.arraysEqual(gradient.shape, shape)) return;
  const isNumeric = gradient.dtype === "float32" || gradient.dtype === "int32" || gradient.dtype === "bool";
  if (dtype !== "float32" || !isNumeric) {
    const value = isNumeric ? "float32" : gradient.dtype;
    throw new Error(`${name}: dtype of the new value (${value}) and previous value (${dtype}) must match`);
  }
  const broadcast = backend_util.assertAndGetBroadcastShape(gradient.shape, shape);
  if (!util.arraysEqual(broadcast, shape)) {
    throw new Error(`${name}: shape of the new value (${broadcast}) and previous value (${shape}) must match`);
  }
}

/**
 * The variables of a step with their gradients, checked before anything changes.
 *
 * @throws Error for a name that is no variable's, and for gradients of another kind or shape than their variables.
 */
function stepsOf(optimizer: string, gradients: Gradients): Step[] {
  const { registeredVariables } = engine();
  const stepOf = (name: string, gradient: Tensor | null | undefined): Step => {
    const variable = registeredVariables[name];
    if (!variable) {
      throw new Error(`${optimizer}: expected gradients by the names of variables, got ${describeBriefly(name)}`);
    }
    if (gradient === null || gradient === undefined) return { variable, gradient: undefined };
    if (gradient.isDisposed)
      throw new Error(`${optimizer}: ${name}: expected a gradient, got a tensor that was disposed`);
    checkGradient(variable, gradient);
    return { variable, gradient };
  };
  return Array.isArray(gradients)
    ? gradients.map(({ name, tensor }) => stepOf(name, tensor))
    : Object.keys(gradients).map((name) => stepOf(name, gradients[name]));
}

/**
 * Calls `update` for every variable that has a gradient, with the address of as many floats of it as the variable has.
 */
function forEachGradient(
  backend: FaninBackend,
  steps: readonly Step[],
  update: (variable: Variable, gradient: number) => void,
): void {
  for (const { variable, gradient } of steps) {
    if (!gradient) continue;
    if (gradient.dtype === "float32" && util.arraysEqual(gradient.shape, variable.shape)) {
      update(variable, backend.pointer(gradient));
    } else {
      tidy(() => {
        const floats = gradient.dtype === "float32" ? gradient : cast(gradient, "float32");
        update(variable, backend.pointer(broadcastTo(floats, variable.shape)));
      });
    }
  }
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
  backend.kernels.fill_f32(writable(backend, variable).pointer, 1, value);
}

/** The number of steps that saved weights say, checked. */
async function iterationsOf(optimizer: string, [first]: readonly NamedTensor[]): Promise<number> {
  const { name, tensor } = first as NamedTensor;
  const [count] = await tensor.data();
  if (!Number.isInteger(count) || (count as number) < 0) {
    throw new RangeError(`${optimizer}: ${name}: expected the number of steps, an integer >= 0, got ${count}`);
  }
  return count as number;
}

/** Plain gradient descent: w -= rate g. */
export class FusedSgd extends SGDOptimizer {
  override applyGradients(gradients: Gradients): void {
    const steps = stepsOf("SGD", gradients);
    const backend = ownBackend();
    if (!backend) {
      super.applyGradients(gradients);
      return;
    }
    forEachGradient(backend, steps, (variable, gradient) => {
      const w = writable(backend, variable);
      backend.kernels.sgd_f32(w.pointer, gradient, w.size, this.learningRate);
    });
    this.incrementIterations();
  }

  override async setWeights(weights: NamedTensor[]): Promise<void> {
    new VariableSlots(this, []).check("SGD", weights);
    await iterationsOf("SGD", weights);
    await super.setWeights(weights);
  }
}

/** Momentum over summed gradients, optionally Nesterov's. */
export class FusedMomentum extends MomentumOptimizer {
  readonly #slots = new VariableSlots(this, [{ property: "accumulations", suffix: "momentum" }]);

  override applyGradients(gradients: Gradients): void {
    const steps = stepsOf("Momentum", gradients);
    const variables = steps.map(({ variable }) => variable);
    this.#slots.prepare(variables);
    const backend = ownBackend();
    if (!backend) {
      this.#slots.inOrderOf(variables, () => super.applyGradients(gradients));
      return;
    }
    const { learningRate, momentum, useNesterov } = this as unknown as Record<string, number>;
    forEachGradient(backend, steps, (variable, gradient) => {
      const sum = writable(backend, this.#slots.of(variable)[0] as Variable);
      const w = writable(backend, variable);
      const [rate, nesterov] = [learningRate as number, useNesterov ? 1 : 0];
      backend.kernels.summed_momentum_f32(w.pointer, sum.pointer, gradient, w.size, rate, momentum as number, nesterov);
    });
    this.incrementIterations();
  }

  /** Sets the momentum of the steps to come, also of those that tfjs's own code takes. */
  override setMomentum(momentum: number): void {
    super.setMomentum(momentum);
    const state = this as unknown as { m: Tensor };
    state.m.dispose();
    state.m = keep(scalar(momentum));
  }

  override async setWeights(weights: NamedTensor[]): Promise<void> {
    this.#slots.check("Momentum", weights);
    await iterationsOf("Momentum", weights);
    await super.setWeights(weights);
    this.#slots.restore(weights);
  }

  /** Also frees the rate, a tensor that tfjs's Momentum keeps. */
  override dispose(): void {
    super.dispose();
    this.c.dispose();
  }
}

/** Adam as tf.train.adam has it: epsilon is added to the root of the corrected moment. */
export class FusedAdam extends AdamOptimizer {
  protected weightDecay = 0;
  /** Whether epsilon is added to the root before the correction, as Keras does, and not after. */
  protected epsilonBeforeCorrection = false;
  readonly #slots = new VariableSlots(this, [
    { property: "accumulatedFirstMoment", suffix: "m" },
    { property: "accumulatedSecondMoment", suffix: "v" },
  ]);

  override applyGradients(gradients: Gradients): void {
    const steps = stepsOf(this.getClassName(), gradients);
    const variables = steps.map(({ variable }) => variable);
    this.#slots.prepare(variables);
    // By the number of steps and not by repeated products, so that a state that was saved and restored goes on to the same bits.
    const step = this.iterations + 1;
    const power1 = this.beta1 ** step;
    const power2 = this.beta2 ** step;
    // With c = sqrt(1 - beta2^t): m' / (sqrt(v / c^2) + epsilon) = m' c / (sqrt(v) + epsilon c).
    const correction = Math.sqrt(1 - power2);
    const state = this as unknown as AdamState;
    const backend = ownBackend();
    if (!backend) {
      this.#applyByOps(gradients, steps, correction);
      return;
    }
    const [accBeta1, accBeta2] = [state.accBeta1, state.accBeta2];
    for (const power of [accBeta1, accBeta2]) backend.get(power.dataId as DataId);
    const alpha = (this.learningRate * correction) / (1 - power1);
    const epsilon = this.epsilonBeforeCorrection ? state.epsilon : state.epsilon * correction;
    const { kernels } = backend;
    forEachGradient(backend, steps, (variable, gradient) => {
      const slots = this.#slots.of(variable);
      const m = writable(backend, slots[0] as Variable);
      const v = writable(backend, slots[1] as Variable);
      const w = writable(backend, variable);
      // The decay is gradient descent along the weights themselves.
      if (this.weightDecay > 0) kernels.sgd_f32(w.pointer, w.pointer, w.size, this.learningRate * this.weightDecay);
      kernels.adam_f32(
        w.pointer,
        m.pointer,
        v.pointer,
        gradient,
        w.size,
        alpha,
        1 - this.beta1,
        1 - this.beta2,
        epsilon,
      );
    });
    // TensorFlow.js's own step reads these, should the backend change.
    write(backend, accBeta1, power1 * this.beta1);
    write(backend, accBeta2, power2 * this.beta2);
    this.incrementIterations();
  }

  override async setWeights(weights: NamedTensor[]): Promise<void> {
    this.#slots.check(this.getClassName(), weights);
    await iterationsOf(this.getClassName(), weights);
    await super.setWeights(weights);
    this.#slots.restore(weights);
  }

  /** The step on another backend, by tfjs's own code. */
  #applyByOps(gradients: Gradients, steps: readonly Step[], correction: number): void {
    const state = this as unknown as AdamState;
    const { epsilon } = state;
    if (this.weightDecay > 0) {
      for (const { variable, gradient } of steps) {
        if (gradient) tidy(() => variable.assign(mul(variable, 1 - this.learningRate * this.weightDecay)));
      }
    }
    try {
      if (this.epsilonBeforeCorrection) state.epsilon = epsilon / correction;
      this.#slots.inOrderOf(
        steps.map(({ variable }) => variable),
        () => super.applyGradients(gradients),
      );
    } finally {
      state.epsilon = epsilon;
    }
  }
}

/** Adam with decoupled weight decay, as Keras has it: epsilon is added to the root of the moment that is not corrected. */
export class FusedAdamW extends FusedAdam {
  static override get className(): string {
    return "AdamW";
  }

  constructor(learningRate: number, beta1: number, beta2: number, epsilon: number | undefined, weightDecay: number) {
    super(learningRate, beta1, beta2, epsilon);
    this.weightDecay = weightDecay;
    this.epsilonBeforeCorrection = true;
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
  // tfjs's properties, which its types keep private.
  readonly #kinds = [
    { property: "accumulatedMeanSquares", suffix: "rms" },
    { property: "accumulatedMoments", suffix: "momentum" },
    ...(this.#isCentered ? [{ property: "accumulatedMeanGrads", suffix: "mg" }] : []),
  ];
  readonly #slots = new VariableSlots(this, this.#kinds);

  get #isCentered(): boolean {
    return (this as unknown as { centered: boolean }).centered;
  }

  override applyGradients(gradients: Gradients): void {
    const steps = stepsOf("RMSProp", gradients);
    const variables = steps.map(({ variable }) => variable);
    this.#slots.prepare(variables);
    const backend = ownBackend();
    if (!backend) {
      if (this.#isCentered) this.#applyCentered(steps);
      else this.#slots.inOrderOf(variables, () => super.applyGradients(gradients));
      return;
    }
    const { learningRate, decay, momentum, epsilon } = this as unknown as Record<string, number>;
    forEachGradient(backend, steps, (variable, gradient) => {
      const [v, d, mean] = this.#slots.of(variable).map((slot) => writable(backend, slot).pointer);
      const w = writable(backend, variable);
      backend.kernels.rmsprop_momentum_f32(
        w.pointer,
        v as number,
        d as number,
        gradient,
        w.size,
        learningRate as number,
        decay as number,
        1 - (decay as number),
        momentum as number,
        epsilon as number,
        mean ?? 0,
      );
    });
    this.incrementIterations();
  }

  override async setWeights(weights: NamedTensor[]): Promise<void> {
    this.#slots.check("RMSProp", weights);
    await iterationsOf("RMSProp", weights);
    await super.setWeights(weights);
    this.#slots.restore(weights);
  }

  /** The centered step on another backend; tfjs's own subtracts epsilon, which is NaN where a gradient is 0. */
  #applyCentered(steps: readonly Step[]): void {
    const { learningRate, decay, momentum, epsilon } = this as unknown as Record<string, number>;
    for (const { variable, gradient } of steps) {
      if (!gradient) continue;
      const [v, d, mean] = this.#slots.of(variable) as [Variable, Variable, Variable];
      tidy(() => {
        const kept = decay as number;
        v.assign(add(mul(v, kept), mul(square(gradient), 1 - kept)));
        mean.assign(add(mul(mean, kept), mul(gradient, 1 - kept)));
        const variance = maximum(sub(v, square(mean)), 0);
        const step = div(mul(gradient, learningRate as number), sqrt(add(variance, epsilon as number)));
        d.assign(add(mul(d, momentum as number), step));
        variable.assign(sub(variable, d));
      });
    }
    this.incrementIterations();
  }
}

/** Makes configs that name AdamW loadable, as a saved model's training config does. */
export function registerOptimizers(): void {
  serialization.registerClass(FusedAdamW);
}
