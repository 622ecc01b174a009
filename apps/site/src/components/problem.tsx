// What went wrong, told where it is seen and to whoever listens.

import type { VNode } from "preact";

/** A message; nothing where `text` is empty. */
export function Problem({ text }: { readonly text: string }): VNode | null {
  if (text === "") return null;
  return (
    <p class="problem" role="alert">
      {text}
    </p>
  );
}
