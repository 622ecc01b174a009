// What a view shows beside its controls: what went wrong, and what was found or, until then, what is being computed.

import type { ComponentChildren, VNode } from "preact";
import { Problem } from "./problem.tsx";

interface Props {
  /** What went wrong; empty where nothing did. */
  readonly failure: string;
  /** Says what is being computed. */
  readonly waiting: string;
  /** What was found; null until then. */
  readonly children: ComponentChildren;
}

/** The results of a view that has a worker compute them. */
export function Results({ failure, waiting, children }: Props): VNode {
  return (
    <div class="results">
      <Problem text={failure} />
      {children ?? (failure === "" && <p class="waiting">{waiting}</p>)}
    </div>
  );
}
