// A figure of the worker with its numbers as a table under it.

import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { trustedFigure } from "../trusted.ts";
import type { FigureData } from "../worker/figure.ts";

/** Markup that is the worker's, outside of what Preact compares. */
function Svg({ svg }: { readonly svg: string }): VNode {
  const box = useRef<HTMLDivElement>(null);
  // Before it is painted: a figure without its drawing would shift what is below.
  useLayoutEffect(() => {
    if (box.current) box.current.innerHTML = trustedFigure(svg);
  }, [svg]);
  return <div class="drawing" ref={box} />;
}

/** One figure; `small` for those drawn narrow, `wide` for those that want a row of their own. */
export function FigureView(props: {
  readonly figure: FigureData;
  readonly size?: "regular" | "small" | "wide";
}): VNode {
  const { figure, size = "regular" } = props;
  return (
    <figure class={`figure ${size}`}>
      <Svg svg={figure.svg} />
      <DataTable figure={figure} />
    </figure>
  );
}

function DataTable({ figure }: { readonly figure: FigureData }): VNode {
  return (
    <details class="data">
      <summary>Show data</summary>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <section class="scroll" tabIndex={0} aria-label={`Data: ${figure.caption}`}>
        <table>
          <caption>{figure.caption}</caption>
          <thead>
            <tr>
              {figure.columns.map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {figure.rows.map((row, r) => (
              <tr key={r}>
                {row.map((cell, c) => (
                  <td key={c}>{cell ?? "–"}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
