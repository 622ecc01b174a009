// The figures of the story: for each, a state of the site, the drawn part of its view, and the controls.
// Build and browser draw them with the tasks of the worker.

import { defaultState, type SiteState } from "../state/url-state.ts";

/** A slider or a list that sets a value of the state. */
export interface Control {
  readonly name: string;
  readonly label: string;
  /** For a slider. */
  readonly range?: { readonly min: number; readonly max: number; readonly step: number };
  /** For a list. */
  readonly options?: readonly string[];
  /** Returns the value in a state. */
  read(state: SiteState): string;
  write(state: SiteState, value: string): Partial<SiteState>;
}

/** One figure. */
export interface StoryFigure {
  readonly view: "signal" | "phase" | "race";
  /** The key of the drawing in the view's answer. */
  readonly part: "profile" | "strip" | "phase" | "loss";
  readonly state: SiteState;
  readonly controls: readonly Control[];
  /** Whether the figure depends on the seed. */
  readonly hasSeed: boolean;
  readonly caption: string;
}

const deep = (depth: number, width: number): readonly number[] => [784, ...new Array<number>(depth).fill(width), 10];

const depth = (max: number): Control => ({
  name: "depth",
  label: "Hidden layers",
  range: { min: 2, max, step: 1 },
  read: ({ net }) => String(net.length - 2),
  write: ({ net }, value) => ({ net: deep(Number(value), net[1] ?? 64) }),
});
const width: Control = {
  name: "width",
  label: "Width",
  range: { min: 16, max: 256, step: 16 },
  read: ({ net }) => String(net[1]),
  write: ({ net }, value) => ({ net: deep(net.length - 2, Number(value)) }),
};
const stddev = (min: number, max: number, step: number): Control => ({
  name: "stddev",
  label: "Standard deviation",
  range: { min, max, step },
  read: ({ init }) => /stddev=([\d.]+)/.exec(init[0] ?? "")?.[1] ?? String(min),
  write: (_, value) => ({ init: [`random_normal(stddev=${value})`] }),
});
const activation = (...options: readonly SiteState["act"][]): Control => ({
  name: "activation",
  label: "Activation",
  options,
  read: ({ act }) => act,
  write: (_, value) => ({ act: options.find((name) => name === value) ?? "relu" }),
});
const initializer = (index: number, label: string, ...options: readonly string[]): Control => ({
  name: "initializer",
  label,
  options,
  read: ({ init }) => init[index] ?? "",
  write: ({ init }, value) => ({ init: init.map((name, i) => (i === index ? value : name)) }),
});
const variance = (key: "sw" | "sb", label: string, min: number, max: number, step: number): Control => ({
  name: key,
  label,
  range: { min, max, step },
  read: (state) => String(state[key]),
  write: (_, value) => ({ [key]: Number(value) }),
});

const signal = { ...defaultState, view: "signal" } as const;
const race = { ...defaultState, view: "race", seeds: 1 } as const;

/** The figures by name, which is also the id on the page. */
export const storyFigures = {
  zeros: {
    view: "race",
    part: "loss",
    state: { ...race, net: deep(1, 128), init: ["zeros", "he_normal"], lr: 0.05 },
    controls: [initializer(0, "First start", "zeros", "ones", "constant(value=0.1)", "random_normal(stddev=0.01)")],
    hasSeed: true,
    caption: "784-128-10, ReLU, SGD with a learning rate of 0.05, batches of 32, five epochs, one seed.",
  },
  small: {
    view: "signal",
    part: "profile",
    state: { ...signal, act: "tanh", init: ["random_normal(stddev=0.01)"] },
    controls: [stddev(0.01, 0.3, 0.01), depth(60)],
    hasSeed: false,
    caption: "Mean squares of pre-activations and of their gradients by layer; 64 tanh units in each.",
  },
  large: {
    view: "signal",
    part: "strip",
    state: { ...signal, act: "tanh", init: ["random_normal(stddev=1)"] },
    controls: [stddev(0.05, 1, 0.05), activation("tanh", "sigmoid", "relu")],
    hasSeed: false,
    caption: "One column per layer: brighter where more activations lie.",
  },
  factor: {
    view: "signal",
    part: "profile",
    state: { ...signal, init: ["glorot_uniform", "he_normal"] },
    controls: [depth(60), activation("relu", "tanh", "gelu", "linear")],
    hasSeed: false,
    caption: "Mean square of the pre-activations by layer; 64 units in each.",
  },
  luck: {
    view: "signal",
    part: "profile",
    state: { ...signal, net: deep(60, 64), init: ["he_normal", "orthogonal(gain=1.414)"] },
    controls: [width],
    hasSeed: true,
    caption: "Sixty ReLU layers with Gaussian and with orthogonal weights.",
  },
  edge: {
    view: "phase",
    part: "phase",
    state: { ...defaultState, view: "phase", act: "tanh", net: deep(60, 64) },
    controls: [variance("sw", "Weight variance × fan-in", 0.5, 4, 0.05), variance("sb", "Bias variance", 0, 0.5, 0.01)],
    hasSeed: false,
    caption: "Depth scale of correlations in tanh networks, by the variances of weights and biases.",
  },
  sgd: {
    view: "race",
    part: "loss",
    state: { ...race, net: deep(15, 64), init: ["glorot_uniform", "he_normal"], lr: 0.02 },
    controls: [depth(20)],
    hasSeed: true,
    caption: "SGD with a learning rate of 0.02: hidden layers of 64 ReLU units, five epochs, one seed.",
  },
  adam: {
    view: "race",
    part: "loss",
    state: { ...race, net: deep(15, 64), init: ["glorot_uniform", "he_normal"], opt: "adam", lr: 0.001 },
    controls: [depth(20)],
    hasSeed: true,
    caption: "The same networks, images and order with Adam at 0.001.",
  },
  fair: {
    view: "race",
    part: "loss",
    state: { ...race, net: deep(1, 128), init: ["glorot_uniform", "he_normal"], seeds: 6, opt: "adam", lr: 0.001 },
    controls: [initializer(1, "Second start", "he_normal", "lecun_normal", "orthogonal", "zeros")],
    hasSeed: false,
    caption: "784-128-10, ReLU, Adam at 0.001, five epochs, six seeds; the band is their range.",
  },
} satisfies Readonly<Record<string, StoryFigure>>;

/** The name of a figure. */
export type StoryFigureName = keyof typeof storyFigures;

const viewNames = { signal: "Signal", phase: "Phase diagram", race: "Race" } as const;

/** The text of the link to the figure's view. */
export const linkText = ({ view }: StoryFigure): string => `Open in the ${viewNames[view]} view`;
