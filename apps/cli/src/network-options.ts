// Shared options that describe a network or its training, with the choices that shells complete.

import { initializerNames, streamNames } from "@fanin/core";
import { activations, optimizers } from "@fanin/lab";
import type { Option } from "./command.ts";

/** The names of Keras's initializers in snake case, such as `he_normal`. */
const initializers: readonly string[] = initializerNames().filter(
  (name) => name === name.toLowerCase() && name !== "initializer",
);

export const activationOption: Option = {
  value: "NAME",
  help: "activation of the hidden layers",
  default: "relu",
  choices: Object.keys(activations),
};

export const outputInitOption: Option = {
  value: "NAME",
  help: "initializer of the output layer",
  default: "glorot_uniform",
  choices: initializers,
};

/** The option of one initializer of the hidden layers. */
export const initOption: Option = {
  value: "NAME",
  help: "initializer of the hidden layers",
  default: "glorot_uniform",
  choices: initializers,
};

/** The option of several initializers of the hidden layers; `initial` is its default. */
export const initListOption = (initial: readonly string[]): Option => ({
  value: "LIST",
  help: "initializers of the hidden layers",
  default: initial.join(","),
  choices: initializers,
  isList: true,
});

export const streamOption: Option = {
  value: "NAME",
  help: "random number stream",
  default: "keras/tensorflow",
  choices: streamNames,
};

export const optimizerOption: Option = {
  value: "NAME",
  help: `${Object.keys(optimizers).slice(0, -1).join(", ")} or ${Object.keys(optimizers).at(-1)}`,
  choices: Object.keys(optimizers),
};

export const normOption: Option = {
  value: "NAME",
  help: "normalization: none, batch or layer",
  default: "none",
  choices: ["none", "batch", "layer"],
};
