// A figure from the worker, with its numbers as a table.

import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { trustedFigure } from "../trusted.ts";
import type { FigureData } from "../worker/figure.ts";

/** Renders markup from the worker, which Preact does not diff. */
function Svg({ svg }: { readonly svg: string }): VNode {
  const box = useRef<HTMLDivElement>(null);
  // Before the paint, because an empty figure would shift the content below it.
  useLayoutEffect(() => {
    if (box.current) box.current.innerHTML = trustedFigure(svg);
  }, [svg]);
  return <div class="drawing" ref={box} />;
}

/** Renders a figure: `small` if drawn narrow, `wide` if it takes a whole row. */
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
      {/* A scrolling region must be reachable by keyboard. */}
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
