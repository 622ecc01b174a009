// The task of the Signal view: diagnoses each initializer, and draws its profile by depth and its heat strip.
// Source: the two halves of diagnoseNetwork of @fanin/lab, which `fanin diagnose` calls. The measurement is shown before the
// diagnosis, so that the view follows a slider.

import type { StreamName } from "@fanin/core";
import { type DepthCurve, depthProfile, heatStrip, type TheoryBand } from "@fanin/figures";
import {
  type ActivationName,
  judgeNetwork,
  type LayerSignal,
  type Measured,
  measureNetwork,
  type NetworkDescription,
  type NetworkDiagnosis,
  type Severity,
  type SignalReport,
} from "@fanin/lab";
import { SIGNAL_BATCH } from "../state/signal-batch.ts";
import { drawnKernel } from "./drawn-kernels.ts";
import type { Cell, FigureData } from "./figure.ts";
import type { TaskContext } from "./task-context.ts";

/** The examined network. */
export interface SignalRequest {
  readonly act: ActivationName;
  readonly net: readonly number[];
  readonly init: readonly string[];
  readonly seed: number;
  readonly stream: StreamName;
  readonly bias: number;
  /** Standard deviation of the inputs. */
  readonly input: number;
}

/** The verdict on one initializer. */
export interface Verdict {
  readonly initializer: string;
  readonly severity: Severity | "fine";
  readonly title: string;
  readonly found: string;
  readonly why: string;
  readonly fix: string;
  readonly notes: readonly string[];
}

/** The figures, available before the verdicts. */
export interface SignalDrawing {
  readonly profiles: readonly FigureData[];
  readonly strips: readonly FigureData[];
  /** Milliseconds from the start of the task to the drawing. */
  readonly milliseconds: number;
}

/** The complete answer. */
export interface SignalAnswer extends SignalDrawing {
  readonly verdicts: readonly Verdict[];
  /** The recommended initializer, which the fix button uses. */
  readonly recommended: string;
}

/** The network of one initializer, and its measurements. */
interface Entrant {
  readonly initializer: string;
  readonly network: NetworkDescription;
  readonly report: SignalReport;
}

const factor = (value: number | null): string => (value === null ? "unknown" : `×${value.toPrecision(3)}`);

function verdictOf(diagnosis: NetworkDiagnosis): Verdict {
  const { initializer, findings, forward, gradient } = diagnosis;
  const [worst] = findings;
  if (worst && worst.severity !== "note") {
    const others = findings.slice(1).map(({ code, title }) => `${code} ${title}`);
    return {
      initializer,
      severity: worst.severity,
      title: `${worst.title} (${worst.code})`,
      found: worst.found,
      why: worst.why,
      fix: worst.fix,
      notes: [...worst.notes, ...(others.length > 0 ? [`Also: ${others.join(", ")}.`] : [])],
    };
  }
  return {
    initializer,
    severity: "fine",
    title: "the signal is stable",
    found: `variance ${factor(forward.factorPerLayer)} per layer, squared gradient ${factor(gradient.factorPerLayer)} per layer`,
    why: "Both are within the random variation of networks of this width and depth.",
    fix: "",
    notes: worst ? [`${worst.found}. ${worst.why}`] : [],
  };
}

const theoryOf = (signals: readonly LayerSignal[], pick: (signal: LayerSignal) => Measured): TheoryBand[] | null => {
  const bands = signals.flatMap((signal) => pick(signal).theory ?? []);
  return bands.length === signals.length ? bands : null;
};

const directions = {
  forward: (signal: LayerSignal): Measured => signal.forward,
  gradient: (signal: LayerSignal): Measured => signal.gradient,
};

function curve({ signals }: SignalReport, direction: keyof typeof directions, name: string): DepthCurve {
  const pick = directions[direction];
  return {
    name,
    measured: signals.map((signal) => pick(signal).log10),
    theory: theoryOf(signals, pick),
  };
}

const rounded = (value: number | null | undefined): Cell => (value == null ? null : Number(value.toPrecision(4)));

function profile(key: string, title: string, curves: readonly DepthCurve[]): FigureData {
  const layers = Math.max(...curves.map(({ measured }) => measured.length));
  return {
    key,
    svg: depthProfile({ title, curves }),
    caption:
      "log10 of the mean square of pre-activations (forward) and of the gradient with respect to them, by layer.",
    columns: ["layer", ...curves.flatMap(({ name, theory }) => (theory ? [name, `${name}: theory`] : [name]))],
    rows: Array.from({ length: layers }, (_, l) => [
      l + 1,
      ...curves.flatMap(({ measured, theory }) =>
        theory ? [rounded(measured[l]), rounded(theory[l]?.log10)] : [rounded(measured[l])],
      ),
    ]),
  };
}

function strip({ initializer, report: { signals, histogram } }: Entrant): FigureData {
  // The last layer is the linear readout: its values are logits, not activations.
  const hidden = signals.length > 1 ? signals.slice(0, -1) : signals;
  return {
    key: `strip ${initializer}`,
    svg: heatStrip({
      title: `Activations by layer, ${initializer}`,
      ...histogram,
      counts: hidden.map(({ counts }) => counts),
    }),
    caption: "Statistics of the activations of each hidden layer.",
    columns: ["layer", "units", "log10 mean square", "dead share", "saturated share", "correlation", "effective rank"],
    rows: hidden.map(({ layer, units, activation, dead, saturated, correlation, effectiveRank }) => [
      layer,
      units,
      rounded(activation),
      rounded(dead),
      rounded(saturated),
      rounded(correlation.measured),
      rounded(effectiveRank),
    ]),
  };
}

/** Returns the width of the widest hidden layer, for advice; the output's width without hidden layers. */
function widthOf(net: readonly number[]): number {
  const hidden = net.slice(1, -1);
  return hidden.length > 0 ? Math.max(...hidden) : (net.at(-1) ?? 1);
}

function draw(entrants: readonly Entrant[], start: number): SignalDrawing {
  const [first] = entrants;
  const isOne = entrants.length === 1;
  const curves = (direction: keyof typeof directions): DepthCurve[] =>
    entrants.map(({ report, initializer }) => curve(report, direction, isOne ? direction : initializer));
  const profiles = isOne
    ? [profile("profile", `Mean square by layer, ${first?.initializer}`, [...curves("forward"), ...curves("gradient")])]
    : [
        profile("forward", "Forward: mean square of pre-activations", curves("forward")),
        profile("gradient", "Backward: mean square of gradients", curves("gradient")),
      ];
  return { profiles, strips: entrants.map(strip), milliseconds: performance.now() - start };
}

/** Measures, draws, and then diagnoses; returns null if a newer request replaces this one. */
export async function signalTask(
  request: SignalRequest,
  context: TaskContext<SignalDrawing>,
): Promise<SignalAnswer | null> {
  const { act, net, init, seed, stream, bias, input } = request;
  const start = performance.now();
  const entrants: Entrant[] = [];
  for (const initializer of init) {
    if (await context.isOutdated()) return null;
    const network: NetworkDescription = {
      layers: net,
      activation: act,
      initializer,
      biasStddev: bias,
      input: { mean: 0, standardDeviation: input },
    };
    const report = measureNetwork(network, { seed, stream, batch: SIGNAL_BATCH, draw: drawnKernel });
    entrants.push({ initializer, network, report });
  }
  const drawing = draw(entrants, start);
  context.show(drawing);
  if (await context.isOutdated()) return null;
  const { recommendTask } = await import("./recommend-task.ts");
  const { initializer: recommended } = recommendTask({ act, depth: Math.max(1, net.length - 2), width: widthOf(net) });
  const verdicts = entrants.map(({ network, report }) => verdictOf(judgeNetwork(network, report)));
  return { ...drawing, verdicts, recommended };
}
