// An error message, visible and announced to screen readers.

import type { VNode } from "preact";

/** Renders an error message, or nothing if `text` is empty. */
export function Problem({ text }: { readonly text: string }): VNode | null {
  if (text === "") return null;
  return (
    <p class="problem" role="alert">
      {text}
    </p>
  );
}
