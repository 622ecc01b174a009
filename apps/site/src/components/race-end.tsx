// The results of a race, and the hashes of its weights.

import type { VNode } from "preact";
import type { RaceAnswer } from "../worker/race-task.ts";

/** Renders the hashes of all weights; equal hashes mean identical races. */
export function Hashes({
  hashes,
  isOver,
}: {
  readonly hashes: NonNullable<RaceAnswer["hashes"]>;
  readonly isOver: boolean;
}): VNode {
  return (
    <details class="data">
      <summary>SHA-256 of the weights {isOver ? "after training" : "before training"}</summary>
      <dl class="hashes">
        {hashes.map(({ name, sha256 }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{sha256}</code>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Renders the results as a sentence and a table. */
export function EndCard({ found }: { readonly found: RaceAnswer }): VNode {
  const standings = found.standings ?? [];
  return (
    <article class="verdict note">
      <h2>Results</h2>
      <p>{found.answer}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <section class="scroll" tabIndex={0} aria-label="Table of results">
        <table class="standings">
          <thead>
            <tr>
              <th scope="col">initializer</th>
              <th scope="col">test accuracy (mean, 95 % interval)</th>
              <th scope="col">difference, paired by seed</th>
              <th scope="col">p (Holm)</th>
              <th scope="col">verdict</th>
            </tr>
          </thead>
          <tbody>
            {standings.map(({ initializer, accuracy, difference, pValue, verdict }) => (
              <tr key={initializer}>
                <th scope="row">{initializer}</th>
                <td>{accuracy}</td>
                <td>{difference || "–"}</td>
                <td>{pValue || "–"}</td>
                <td>{verdict}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="note">
        Each pair had the same seed and data order. “Better” means that the BCa bootstrap interval of the difference
        excludes 0 and that a sign-flip permutation test agrees after Holm’s correction. On another network, data set or
        optimizer the result may differ: Adam, for example, hides differences that SGD shows.
      </p>
    </article>
  );
}
