// The table of commands. The code of a command is loaded only when it is called.

import type { CommandEntry } from "../command.ts";

/** Every command by name. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  compare: {
    summary: "train the same network from different initial weights",
    load: async () => (await import("./compare/compare.ts")).compareCommand,
  },
  completion: {
    summary: "print a completion script for bash, zsh or fish",
    load: async () => (await import("./completion/completion.ts")).completionCommand,
  },
  convert: {
    summary: "write a weight file in another format or layout",
    load: async () => (await import("./convert/convert.ts")).convertCommand,
  },
  data: {
    summary: "fetch, verify or describe a data set",
    load: async () => (await import("./data/data.ts")).dataCommand,
  },
  diagnose: {
    summary: "find faults in a network or a weight file, with causes and fixes",
    load: async () => (await import("./diagnose/diagnose.ts")).diagnoseCommand,
  },
  diff: {
    summary: "show what differs between two weight files, tensor by tensor",
    load: async () => (await import("./diff/diff.ts")).diffCommand,
  },
  explain: {
    summary: "explain a finding, or answer a common question",
    load: async () => (await import("./explain.ts")).explainCommand,
  },
  inspect: {
    summary: "show the tensors of weight files, one per line",
    load: async () => (await import("./inspect/inspect.ts")).inspectCommand,
  },
  list: {
    summary: "list the initializers: formula, use, paper, names",
    load: async () => (await import("./list/list.ts")).listCommand,
  },
  materialize: {
    summary: "write weights of any size from a specification as sharded .safetensors",
    load: async () => (await import("./materialize/materialize.ts")).materializeCommand,
  },
  merge: {
    summary: "merge the parts of a comparison, a sweep or weights from several machines",
    load: async () => (await import("./merge.ts")).mergeCommand,
  },
  model: {
    summary: "write the initial weights of a Keras model from its JSON",
    load: async () => (await import("./model/model.ts")).modelCommand,
  },
  papers: {
    summary: "recompute the tables of the papers, with PASS or FAIL",
    load: async () => (await import("./papers.ts")).papersCommand,
  },
  recommend: {
    summary: "recommend an initializer for a network, with reason and code",
    load: async () => (await import("./recommend.ts")).recommendCommand,
  },
  sample: {
    summary: "show, hash or write the values of an initializer",
    load: async () => (await import("./sample/sample.ts")).sampleCommand,
  },
  sweep: {
    summary: "train a grid of comparisons on one machine, on several, or on a queue",
    load: async () => (await import("./sweep/sweep.ts")).sweepCommand,
  },
  worker: {
    summary: "train the runs of a queue",
    load: async () => (await import("./worker.ts")).workerCommand,
  },
};
