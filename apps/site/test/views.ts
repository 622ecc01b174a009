// The links of the views, and selectors of their first answers.

import type { ViewName } from "../src/state/url-state.ts";

/** Relative address and selector of each view. */
type Link = readonly [path: string, sign: string];

const rows: Readonly<Record<ViewName, Link>> = {
  signal: ["#v=1&view=signal&init=he_normal,orthogonal&act=tanh&net=784,32x8,10", ".figures figure:nth-child(4) svg"],
  phase: ["#v=1&view=phase&act=tanh", ".pad svg .edge"],
  race: ["#v=1&view=race&net=784,16,10&seeds=2&epochs=1", ".figures svg"],
  weights: ["#v=1&view=weights", ".drop"],
  code: ["#v=1&view=code", "#sha256"],
  story: ["story.html", ".story section:nth-of-type(7) svg"],
};

/** The page without a hash, and every view. */
export const views: Readonly<Record<string, string>> = Object.fromEntries([
  ["", ".verdict.error .primary"],
  ...Object.values(rows),
]);
