// Random operands, right and wrong, at every registered kernel and every optimizer: no byte of another tensor changes, no value is
// read that is not an operand's, nothing traps, and nothing is kept where a call fails.

import "@tensorflow/tfjs-layers"; // its Node build is what registers the gradients
import { instantiateNetwork } from "@fanin/kernels";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adam, adamw, FaninBackend, kernelSupport, momentum, register, rmsprop, sgd } from "../../src/tfjs.ts";
import { GuardedArena } from "./guarded-arena.ts";
import { Draws, drawCall, rows } from "./operand-generator.ts";

const CASES = process.env["FANIN_LONG"] ? 20_000 : 2_000;
const PAGES = 16;
const DESCRIPTOR_BYTES = 256;

let arena: GuardedArena;
let backend: FaninBackend;
let kernelNames: string[];

beforeAll(async () => {
  register({ name: "guarded", deterministic: true });
  kernelNames = kernelSupport().map(({ kernelName }) => kernelName);
  tf.removeBackend("guarded");
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
  const kernels = instantiateNetwork(memory);
  arena = new GuardedArena(memory, kernels.heap_base());
  backend = new FaninBackend({ arena, kernels });
  tf.registerBackend("guarded", () => backend, 5);
  await tf.setBackend("guarded");
});

afterAll(() => tf.removeBackend("guarded"));

/** What is seen of outputs: shapes, dtypes and bytes. */
function seen(outputs: readonly tf.TensorInfo[]): string {
  return JSON.stringify(
    outputs.map(({ dataId, shape, dtype }) => {
      const values = backend.readSync(dataId);
      const bytes = ArrayBuffer.isView(values)
        ? Buffer.from(values.buffer, values.byteOffset, values.byteLength)
        : values;
      return [shape, dtype, ArrayBuffer.isView(bytes) ? (bytes as Buffer).toString("hex") : bytes];
    }),
  );
}

/** Runs one case; returns what went wrong, and whether the kernel gave an answer. */
function runCase(kernelName: string, seed: number): { wrong: string[]; answered: boolean } {
  const before = backend.numDataIds();
  const d = new Draws(seed);
  const wrong: string[] = [];
  let answered = false;
  tf.tidy(() => {
    const bystanders = [d.floats([7]), d.ints([5]), d.bools([9])];
    const { inputs, attrs } = drawCall(kernelName, d);
    const { kernelFunc } = tf.getKernel(kernelName, "guarded");
    const made = backend.numDataIds();
    const run = (): tf.TensorInfo[] | undefined => {
      arena.watch();
      let outputs: tf.TensorInfo[] | undefined;
      try {
        const given = kernelFunc({ inputs: inputs as never, attrs: attrs as never, backend });
        outputs = Array.isArray(given) ? given : [given];
      } catch (error) {
        if (error instanceof WebAssembly.RuntimeError) wrong.push(`trap: ${error.message}`);
        if (!(error instanceof Error)) wrong.push(`no error was thrown but ${String(error)}`);
        if (backend.numDataIds() !== made)
          wrong.push(`a call that failed keeps ${backend.numDataIds() - made} tensors`);
      }
      wrong.push(...arena.changes(backend.descriptor, DESCRIPTOR_BYTES));
      return outputs;
    };
    const free = (outputs: readonly tf.TensorInfo[]) => {
      for (const { dataId } of outputs) backend.disposeData(dataId);
    };
    const first = run();
    if (first) {
      answered = true;
      const want = seen(first);
      free(first);
      // What no tensor holds is other bytes now: a kernel that reads there gives something else.
      arena.repaint(0x3c);
      const second = run();
      if (!second || seen(second) !== want)
        wrong.push(`other values where the memory of others is other: ${want.slice(0, 200)}`);
      if (second) free(second);
      arena.repaint(0xa5);
    }
    tf.dispose(bystanders);
  });
  if (backend.numDataIds() !== before) wrong.push(`${backend.numDataIds() - before} tensors are left`);
  return { wrong, answered };
}

describe("operands of kernels", () => {
  it("has a row for every kernel that is registered, and no other", () => {
    expect(Object.keys(rows).sort()).toEqual([...kernelNames].sort());
  });

  it(`never reach the memory of others, in ${CASES} calls`, () => {
    const failures: string[] = [];
    const answered = new Map<string, number>();
    for (let seed = 0; seed < CASES; seed++) {
      const kernelName = kernelNames[seed % kernelNames.length] as string;
      const outcome = runCase(kernelName, seed);
      if (outcome.answered) answered.set(kernelName, (answered.get(kernelName) ?? 0) + 1);
      for (const text of outcome.wrong) failures.push(`${kernelName}, seed ${seed}: ${text}`);
    }
    expect(failures).toEqual([]);
    // Rows that are never right would test nothing; Draw needs a canvas.
    const silent = kernelNames.filter((name) => !answered.has(name) && name !== "Draw");
    expect(silent).toEqual([]);
  });
});

describe("operands of optimizers", () => {
  const makers: readonly (() => tf.Optimizer)[] = [
    () => sgd(0.1),
    () => momentum(0.1, 0.9, true),
    () => adam(0.1),
    () => adamw(0.1, 0.01),
    () => rmsprop(0.1, 0.9, 0.5),
    () => rmsprop(0.1, 0.9, 0.5, 1e-3, true),
  ];

  /** A gradient for `variable`, right in half of the cases. */
  function gradientOf(d: Draws, variable: tf.Variable): tf.Tensor {
    if (d.next() < 0.5) return d.floats(variable.shape);
    const gradient = d.pick([() => d.any(), () => d.any(variable.shape), () => d.floats(d.narrower(variable.shape))])();
    if (d.next() < 0.1) gradient.dispose();
    return gradient;
  }

  it(`never reach the memory of others, in ${CASES / 10} sequences of steps and restorations`, async () => {
    const failures: string[] = [];
    for (let seed = 0; seed < CASES / 10; seed++) {
      const d = new Draws(seed + 1_000_000);
      const bystanders = [d.floats([7]), d.ints([5]), d.floats([33])];
      const held = bystanders.map((tensor) => seen([tensor]));
      const optimizer = d.pick(makers)();
      const variables = [d.floats([]), d.floats(), d.floats([64]), d.next() < 0.2 ? d.ints([4]) : d.floats([4])].map(
        (initial) => {
          const variable = tf.variable(initial);
          initial.dispose();
          return variable;
        },
      );
      for (let step = 0; step < 4; step++) {
        const chosen = variables.filter(() => d.next() < 0.6);
        const gradients = chosen.map((variable) => ({ name: variable.name, tensor: gradientOf(d, variable) }));
        const values = variables.map((variable) => seen([variable]));
        try {
          if (d.next() < 0.25) {
            const saved = (await optimizer.getWeights()).map(({ name, tensor }) => ({ name, tensor: tensor.clone() }));
            if (saved.length > 1 && d.next() < 0.5)
              (saved[d.int(1, saved.length - 1)] as { tensor: tf.Tensor }).tensor = d.any();
            try {
              await optimizer.setWeights(saved as never);
            } finally {
              tf.dispose(saved.map(({ tensor }) => tensor));
            }
          }
          optimizer.applyGradients(gradients as never);
        } catch (error) {
          if (error instanceof WebAssembly.RuntimeError) failures.push(`seed ${seed}: trap: ${error.message}`);
          if (variables.some((variable, i) => seen([variable]) !== values[i])) {
            failures.push(`seed ${seed}: a step that was refused changed a variable: ${error}`);
          }
        }
        for (const variable of variables) {
          if (!chosen.includes(variable) && seen([variable]) !== values[variables.indexOf(variable)]) {
            failures.push(`seed ${seed}: a step changed a variable that it was not given`);
          }
        }
        tf.dispose(gradients.map(({ tensor }) => tensor));
        arena.watch();
        for (const change of arena.changes(backend.descriptor, DESCRIPTOR_BYTES))
          failures.push(`seed ${seed}: ${change}`);
        if (bystanders.some((tensor, i) => seen([tensor]) !== held[i]))
          failures.push(`seed ${seed}: a bystander changed`);
      }
      optimizer.dispose();
      tf.dispose([...variables, ...bystanders]);
      if (failures.length > 20) break;
    }
    expect(failures).toEqual([]);
  });
});
