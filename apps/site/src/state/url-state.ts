// Converts the state of the page to the hash of its address and back: one row per key, in the order of writing.
// Only values that differ from the default are written; unknown keys are reported.

import { splitList } from "@fanin/core";
import { layersFromText, textFromLayers } from "./layers-text.ts";

/** The name of every view in the address, and its title in the navigation. */
export const viewTitles = {
  signal: "Signal",
  phase: "Phase diagram",
  race: "Race",
  weights: "Weights",
  code: "Code",
  story: "Story",
} as const;
/** The name of a view. */
export type ViewName = keyof typeof viewTitles;
/** A view of the main page; the story is a separate page. */
export type PageName = Exclude<ViewName, "story">;
export const views = Object.keys(viewTitles) as readonly ViewName[];

export const activationNames = [
  "relu",
  "leaky_relu",
  "elu",
  "selu",
  "gelu",
  "silu",
  "tanh",
  "sigmoid",
  "softplus",
  "linear",
] as const;
export const optimizerNames = ["sgd", "momentum", "rmsprop", "adam"] as const;
export const streamNames = ["keras/tensorflow", "keras/jax", "keras/torch", "keras/numpy"] as const;

/** The state that a link restores. */
export interface SiteState {
  readonly view: ViewName;
  readonly act: (typeof activationNames)[number];
  readonly net: readonly number[];
  readonly init: readonly string[];
  readonly seed: number;
  readonly stream: (typeof streamNames)[number];
  /** The standard deviation of the biases. */
  readonly bias: number;
  /** The standard deviation of the inputs. */
  readonly input: number;
  readonly opt: (typeof optimizerNames)[number];
  readonly lr: number;
  readonly batch: number;
  readonly epochs: number;
  readonly seeds: number;
  /** The initializer that the Code view draws. */
  readonly draw: string;
  readonly shape: readonly number[];
  /** The point of the phase diagram: variances of weights (times fan-in) and biases. */
  readonly sw: number;
  readonly sb: number;
}

/** A key: its default, its formatting, and its parser, which clamps values and returns null for invalid text. */
interface Row<T> {
  readonly fallback: T;
  read(text: string): T | null;
  write(value: T): string;
}

function oneOf<T extends string>(names: readonly T[], fallback: T): Row<T> {
  return { fallback, read: (text) => names.find((name) => name === text) ?? null, write: (value) => value };
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

function number(fallback: number, low: number, high: number, whole = false): Row<number> {
  return {
    fallback,
    read(text) {
      if (!NUMBER.test(text)) return null;
      const value = Math.min(high, Math.max(low, Number(text)));
      return whole ? Math.round(value) : value;
    },
    write: String,
  };
}

const MAX_INITIALIZERS = 6;
const INITIALIZER = /^[A-Za-z_]\w{0,40}(\([\w=.,+\- "']{0,80}\))?$/;

const initializerList: Row<readonly string[]> = {
  fallback: ["glorot_uniform"],
  read(text) {
    const names = [...new Set(splitList(text))].slice(0, MAX_INITIALIZERS);
    return names.every((name) => INITIALIZER.test(name)) ? names : null;
  },
  write: (names) => names.join(","),
};

const shape: Row<readonly number[]> = {
  fallback: [784, 128],
  read(text) {
    const sizes = /^\d{1,7}(x\d{1,7}){0,5}$/.test(text) ? text.split("x").map(Number) : [];
    const count = sizes.reduce((product, size) => product * size, 1);
    return sizes.length > 0 && sizes.every((size) => size > 0) && count <= 2 ** 24 ? sizes : null;
  },
  write: (sizes) => sizes.join("x"),
};

const table: { readonly [K in keyof SiteState]: Row<SiteState[K]> } = {
  view: oneOf(views, "signal"),
  act: oneOf(activationNames, "relu"),
  net: { fallback: [784, ...new Array<number>(30).fill(64), 10], read: layersFromText, write: textFromLayers },
  init: initializerList,
  seed: number(0, 0, 2 ** 32 - 1, true),
  stream: oneOf(streamNames, "keras/tensorflow"),
  bias: number(0, 0, 10),
  input: number(1, 0.001, 1000),
  opt: oneOf(optimizerNames, "sgd"),
  lr: number(0.01, 1e-6, 10),
  batch: number(32, 1, 512, true),
  epochs: number(5, 1, 50, true),
  // Fewer seeds cannot establish a difference of two initializers: see seedsToJudge of @fanin/lab.
  seeds: number(6, 1, 10, true),
  draw: { ...oneOf<string>([], "he_normal"), read: (text) => (INITIALIZER.test(text) ? text : null) },
  shape,
  sw: number(1.5, 0.05, 4),
  sb: number(0.05, 0, 0.5),
};

const keys = Object.keys(table) as (keyof SiteState)[];
const VERSION = "1";

/** The state of a page without a hash. */
export const defaultState: SiteState = Object.fromEntries(
  keys.map((key) => [key, table[key].fallback]),
) as unknown as SiteState;

function rowOf<K extends keyof SiteState>(key: K): Row<unknown> {
  return table[key] as unknown as Row<unknown>;
}

// These characters are safe in a fragment, and easier to read unescaped.
const plain: Readonly<Record<string, string>> = { "%2C": ",", "%2F": "/", "%3D": "=", "%20": "+" };

function encode(text: string): string {
  return encodeURIComponent(text.replaceAll(", ", ",")).replace(/%(2C|2F|3D|20)/g, (code) => plain[code] ?? code);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return "\u0000";
  }
}

/** Returns the hash, with its #, that {@link stateFromHash} parses; empty for the default state. */
export function hashFromState(state: SiteState): string {
  const parts = keys.flatMap((key) => {
    const row = rowOf(key);
    const text = row.write(state[key]);
    return text === row.write(row.fallback) ? [] : [`${key}=${encode(text)}`];
  });
  return parts.length === 0 ? "" : `#v=${VERSION}&${parts.join("&")}`;
}

/** Parses a hash; returns the state and a sentence for each problem. */
export function stateFromHash(hash: string): { readonly state: SiteState; readonly problems: readonly string[] } {
  const state: Record<string, unknown> = { ...defaultState };
  const problems: string[] = [];
  for (const part of hash.replace(/^#/, "").slice(0, 4000).split("&")) {
    if (part === "") continue;
    const cut = part.indexOf("=");
    const key = cut < 0 ? part : part.slice(0, cut);
    const text = cut < 0 ? "" : decode(part.slice(cut + 1));
    if (key === "v") {
      if (text !== VERSION)
        problems.push(`The link has version ${text.slice(0, 20)}; this page reads version ${VERSION}.`);
    } else if (!Object.hasOwn(table, key)) problems.push(`Unknown key in the link: ${key.slice(0, 40)}.`);
    else {
      const value = rowOf(key as keyof SiteState).read(text);
      if (value === null) problems.push(`Invalid value in the link: ${key}=${text.slice(0, 60)}.`);
      else state[key] = value;
    }
  }
  return { state: state as unknown as SiteState, problems };
}
