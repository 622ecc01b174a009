// What a race leaves behind: how it ended, and the hashes of its weights.

import type { VNode } from "preact";
import type { RaceAnswer } from "../worker/race-task.ts";

/** The hashes of all weights, by which two races are known to be the same. */
export function Hashes({
  hashes,
  isOver,
}: {
  readonly hashes: NonNullable<RaceAnswer["hashes"]>;
  readonly isOver: boolean;
}): VNode {
  return (
    <details class="data">
      <summary>SHA-256 of the weights {isOver ? "at the end" : "at the start"}</summary>
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

/** How the race ended, in a sentence and a table. */
export function EndCard({ found }: { readonly found: RaceAnswer }): VNode {
  const standings = found.standings ?? [];
  return (
    <article class="verdict note">
      <h2>How it ended</h2>
      <p>{found.answer}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <section class="scroll" tabIndex={0} aria-label="How it ended, in numbers">
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
        Each pair had the same seed and data order. “Better” is said only where the BCa bootstrap interval of the
        difference leaves out 0 and a sign-flip permutation test agrees after Holm’s correction. On another network,
        data set or optimizer it may end otherwise: Adam, for one, hides much of what SGD shows.
      </p>
    </article>
  );
}
