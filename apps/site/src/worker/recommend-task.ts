// Recommends an initializer with its code. A separate module, because the first paint does not need it.

import { type ActivationName, type Recommendation, recommend } from "@fanin/lab";

/** The properties of a network that the advice depends on. */
export interface RecommendRequest {
  readonly act: ActivationName;
  readonly depth: number;
  readonly width: number;
}

/** Returns the recommendation and its reasons. */
export function recommendTask({ act, depth, width }: RecommendRequest): Recommendation {
  return recommend({ activation: act, depth, width });
}
