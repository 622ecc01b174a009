// Makes the command that repeats a comparison, from its plan alone, so that reports do not depend on how it was computed.

import { type CompareConfig, compareConfig, defaultConfig, optimizers } from "@fanin/lab";
import { quote } from "../../read-arguments.ts";
import type { Plan } from "./comparison-folder.ts";

/** Lists the options of `config` that differ from their defaults. */
function optionsOf(config: CompareConfig): [string, string][] {
  const differs = (key: keyof CompareConfig): boolean =>
    JSON.stringify(config[key]) !== JSON.stringify(defaultConfig[key]);
  const { initializers, optimizer, seeds } = config;
  const reference = compareConfig({ initializers }).reference;
  const options: [string, string, boolean][] = [
    ["layers", config.layers.join(","), differs("layers")],
    ["activation", config.activation, differs("activation")],
    ["init", initializers.join(","), differs("initializers")],
    ["output-init", config.outputInitializer, differs("outputInitializer")],
    ["stream", config.stream, differs("stream")],
    ["seed", String(seeds[0]), seeds[0] !== 0],
    ["seeds", String(seeds.length), seeds.length !== defaultConfig.seeds.length],
    ["epochs", String(config.epochs), differs("epochs")],
    ["batch", String(config.batch), differs("batch")],
    ["optimizer", optimizer, differs("optimizer")],
    ["lr", String(config.learningRate), config.learningRate !== optimizers[optimizer].learningRate],
    ["validation-split", String(config.validationSplit), differs("validationSplit")],
    ["engine", config.engine, differs("engine")],
    ["reference", config.reference, config.reference !== reference],
    ["target", String(config.target), config.target !== null],
  ];
  return options.filter(([, , isGiven]) => isGiven).map(([name, value]) => [name, value]);
}

/** Makes `fanin compare` with every option that affects the result. */
export function commandLine({ data, config }: Plan): string {
  const options: [string, string][] = [...(data === "procedural" ? [] : [["data", data] as [string, string]])];
  const words = [...options, ...optionsOf(config)].flatMap(([name, value]) => [`--${name}`, value]);
  return ["fanin", "compare", ...words].map(quote).join(" ");
}
