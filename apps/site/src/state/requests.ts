// Makes the requests to the worker from the state, for the views and the figures of the story.

import type { PhaseRequest } from "../worker/phase-task.ts";
import type { RaceRequest } from "../worker/race-task.ts";
import type { SignalRequest } from "../worker/signal-task.ts";
import type { SiteState } from "./url-state.ts";

/** Maximum number of initializers in the Signal view. */
export const MAX_SIGNALS = 4;

/** Makes the request for a batch through the network. */
export function signalRequest({ act, net, init, seed, stream, bias, input }: SiteState): SignalRequest {
  return { act, net, init: init.slice(0, MAX_SIGNALS), seed, stream, bias, input };
}

/** Makes the request for a point of the phase diagram. */
export function phaseRequest({ act, sw, sb, net }: SiteState): PhaseRequest {
  return { act, sw, sb, depth: Math.max(0, net.length - 2) };
}

/** Makes the request for a race on images of `features` pixels, with at least two initializers. */
export function raceRequest(
  { act, net, init, seed, seeds, stream, opt, lr, batch, epochs }: SiteState,
  { features, classes }: { readonly features: number; readonly classes: number } = { features: 784, classes: 10 },
): RaceRequest {
  const names = init.length > 1 ? init : [...new Set([...init, "he_normal", "glorot_uniform"])].slice(0, 2);
  return {
    act,
    net: [features, ...net.slice(1, -1), classes],
    init: names,
    seed,
    seeds,
    stream,
    opt,
    lr,
    batch,
    epochs,
  };
}
