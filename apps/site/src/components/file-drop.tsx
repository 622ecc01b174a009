// A field to drop or choose files, which are read on this page only.

import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";

/** Renders a file field that accepts dropped files; `children` appear beside it. */
export function FileDrop(props: {
  /** The label of the region, for screen readers. */
  readonly name: string;
  readonly label: string;
  readonly accept?: string;
  readonly children?: ComponentChildren;
  onFiles(files: readonly File[]): Promise<void>;
}): VNode {
  const { name, label, accept, children, onFiles } = props;
  const [isOver, setOver] = useState(false);
  return (
    <section
      class={isOver ? "drop over" : "drop"}
      aria-label={name}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <label>
        <span>{label}</span>
        <input
          type="file"
          multiple
          {...(accept ? { accept } : {})}
          onChange={(event) => {
            const input = event.currentTarget;
            onFiles([...(input.files ?? [])]).finally(() => {
              input.value = "";
            });
          }}
        />
      </label>
      {children}
    </section>
  );
}
