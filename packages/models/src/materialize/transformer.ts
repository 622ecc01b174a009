// The tensors of a transformer from its Hugging Face config.json, with optional names and initializers by role.
// Source: transformers 5.17, PreTrainedModel.save_pretrained (names, order, a tied tensor once).

import type { StreamName } from "@fanin/core";
import type { FloatDType } from "@fanin/tensor";
import { describeBriefly, suggestion } from "@fanin/tensor/arguments";
import { type Identifier, initializedTensor, isSeeded, readInitializer } from "./initializer-source.ts";
import type { SeedSource } from "./seed-rule.ts";
import { WeightsSpecError } from "./spec-error.ts";
import { isObject, SpecReader } from "./spec-reader.ts";
import { expectTensorName } from "./tensor-list.ts";
import type { TensorPlan } from "./tensor-plan.ts";
import { TransformerConfig } from "./transformer-config.ts";
import { familyOf, LAYER, type Role, type RoleDistribution } from "./transformer-families.ts";

/** Whether an object is a config.json of Hugging Face. */
export function isTransformerConfig(value: unknown): boolean {
  return isObject(value) && ("model_type" in value || "architectures" in value);
}

/** The initializer of a distribution. */
function initializerOf(distribution: RoleDistribution): Identifier {
  if (distribution === "ones") return { className: "Ones", config: {} };
  if (distribution === "zeros") return { className: "Zeros", config: {} };
  return { className: "RandomNormal", config: { mean: 0, stddev: distribution } };
}

/** Checks the template of a role. */
function templateOf({ template }: Role, given: string | undefined, path: string): string {
  const text = given ?? template;
  const [strange] = text.match(/\{[^}]*\}?/g)?.filter((placeholder) => placeholder !== LAYER) ?? [];
  if (strange !== undefined) {
    throw new WeightsSpecError(
      path,
      `expected no placeholder but ${LAYER}, got ${strange}${suggestion(strange, [LAYER])}`,
    );
  }
  if (text.includes(LAYER) === template.includes(LAYER)) return text;
  const expected = template.includes(LAYER) ? `${LAYER} in the name, one for each layer` : `a name without ${LAYER}`;
  throw new WeightsSpecError(path, `expected ${expected}, got ${describeBriefly(text)}`);
}

/** Options of a transformer besides its config. */
export interface TransformerChoices {
  /** The path of the config in the specification, for messages. */
  readonly path: string;
  /** The path of the object with `naming` and `initializers`; empty if the config is the specification. */
  readonly within: string;
  readonly naming: Readonly<Record<string, string>>;
  readonly initializers: Readonly<Record<string, unknown>>;
  readonly dtype: FloatDType;
  readonly stream: StreamName;
  readonly seeds: SeedSource;
}

/**
 * The tensors of a transformer, in the order of its state_dict.
 *
 * @throws WeightsSpecError for an unknown family, a missing size, or a name or initializer of an unknown role.
 */
export function transformerTensors(value: unknown, choices: TransformerChoices): readonly TensorPlan[] {
  const { path, within, naming, initializers, dtype, stream, seeds } = choices;
  const config = new TransformerConfig(path, value);
  const family = familyOf(config);
  const roles = [...family.first, ...family.each, ...family.last];
  const known = roles.map(({ role }) => role);
  new SpecReader(`${within}.naming`, naming).expectKeys(known);
  new SpecReader(`${within}.initializers`, initializers).expectKeys(known);
  const details = new Map(
    roles.map((role) => {
      const placed = `${within}.initializers.${role.role}`;
      const given = initializers[role.role];
      const identifier = given === undefined ? initializerOf(role.distribution) : readInitializer(placed, given);
      if (identifier.config["seed"] !== undefined && identifier.config["seed"] !== null) {
        throw new WeightsSpecError(
          placed,
          "expected an initializer without a seed: each tensor has its own seed by the rule",
        );
      }
      return [role, { identifier, template: templateOf(role, naming[role.role], `${within}.naming.${role.role}`) }];
    }),
  );
  const names = new Set<string>();
  const tensors: TensorPlan[] = [];
  const where = within === "" ? path || "config" : within;
  const constants = new Map<Role, TensorPlan["source"]>();
  const add = (role: Role, layer: number): void => {
    const { identifier, template } = details.get(role) as { identifier: Identifier; template: string };
    const { shape, zeroRow } = role;
    const name = expectTensorName(`${within}.naming.${role.role}`, template.replaceAll(LAYER, String(layer)), names);
    const seed = isSeeded(identifier) ? seeds.seedOf(name, tensors.length) : null;
    const identity = { name, shape, dtype };
    // The first and the last layer bound all layers, including their seeds.
    if (layer === 0 || layer === family.layers - 1) {
      const plan = initializedTensor(`${where}: ${name}`, identity, identifier, stream, seed, zeroRow);
      constants.set(role, plan.source);
      tensors.push(plan);
      return;
    }
    const { className, config: given } = identifier;
    const source: TensorPlan["source"] =
      seed === null
        ? (constants.get(role) as TensorPlan["source"])
        : { kind: "initializer", className, config: { ...given, seed }, stream };
    const { randomAccess } = tensors[tensors.length - family.each.length] as TensorPlan;
    tensors.push({ ...identity, source, randomAccess });
  };
  for (const role of family.first) add(role, 0);
  for (let layer = 0; layer < family.layers; layer++) for (const role of family.each) add(role, layer);
  for (const role of family.last) add(role, 0);
  return tensors;
}
