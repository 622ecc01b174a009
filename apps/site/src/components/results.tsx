// The results of a view: an error, the answer, or a note that it is being computed.

import type { ComponentChildren, VNode } from "preact";
import { Problem } from "./problem.tsx";

interface Props {
  /** The error message; empty without an error. */
  readonly failure: string;
  /** The text shown during the computation. */
  readonly waiting: string;
  /** The answer; null until it is computed. */
  readonly children: ComponentChildren;
}

/** Renders results that the worker computes. */
export function Results({ failure, waiting, children }: Props): VNode {
  return (
    <div class="results">
      <Problem text={failure} />
      {children ?? (failure === "" && <p class="waiting">{waiting}</p>)}
    </div>
  );
}
