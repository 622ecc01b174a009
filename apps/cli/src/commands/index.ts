// The commands, one line each; a command's code is loaded only when it is called.

import type { CommandEntry } from "../command.ts";

/** Every command by its name. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  compare: {
    summary: "train the same network from different initial weights",
    load: async () => (await import("./compare.ts")).compareCommand,
  },
  completion: {
    summary: "a script that completes fanin's words in bash, zsh or fish",
    load: async () => (await import("./completion.ts")).completionCommand,
  },
  convert: {
    summary: "a weight file in another format or layout",
    load: async () => (await import("./convert.ts")).convertCommand,
  },
  data: {
    summary: "fetch, verify or describe a data set",
    load: async () => (await import("./data.ts")).dataCommand,
  },
  diagnose: {
    summary: "what is wrong with a network or a weight file, and what to do",
    load: async () => (await import("./diagnose.ts")).diagnoseCommand,
  },
  explain: {
    summary: "what a finding means; answers to the usual questions",
    load: async () => (await import("./explain.ts")).explainCommand,
  },
  inspect: {
    summary: "the tensors of weight files, a line each",
    load: async () => (await import("./inspect.ts")).inspectCommand,
  },
  list: {
    summary: "the initializers: formula, use, paper, names",
    load: async () => (await import("./list.ts")).listCommand,
  },
  materialize: {
    summary: "weights of any size, from a specification, as sharded .safetensors",
    load: async () => (await import("./materialize.ts")).materializeCommand,
  },
  merge: {
    summary: "put the parts of a comparison, a sweep or weights together that several machines computed",
    load: async () => (await import("./merge.ts")).mergeCommand,
  },
  model: {
    summary: "every initial weight of a Keras model, from its JSON",
    load: async () => (await import("./model.ts")).modelCommand,
  },
  papers: {
    summary: "the papers' tables, recomputed, with PASS or FAIL",
    load: async () => (await import("./papers.ts")).papersCommand,
  },
  recommend: {
    summary: "the initializer for a network, with the reason and the code",
    load: async () => (await import("./recommend.ts")).recommendCommand,
  },
  sample: {
    summary: "the values of one initializer for one shape",
    load: async () => (await import("./sample.ts")).sampleCommand,
  },
  sweep: {
    summary: "a grid of comparisons: on this machine, on several, or on a queue",
    load: async () => (await import("./sweep.ts")).sweepCommand,
  },
  worker: {
    summary: "train the runs of a queue",
    load: async () => (await import("./worker.ts")).workerCommand,
  },
};
