// A line of progress on a terminal, which the next one replaces.

import type { Invocation } from "../command.ts";
import { writeControl } from "./guarded-output.ts";
import { printable } from "./printable.ts";

/** The progress of a command that reads one tensor after the other. */
export interface ProgressLine {
  show(done: number, all: number, name: string): void;
  clear(): void;
}

/** Makes the line; it shows nothing unless stderr is a terminal, or with --quiet. */
export function progressLine({ stderr, isSet }: Pick<Invocation, "stderr" | "isSet">): ProgressLine {
  const isLive = stderr.isTTY === true && !isSet("quiet");
  const clear = (): void => {
    if (isLive) writeControl(stderr, "\x1b[1G\x1b[K");
  };
  return {
    clear,
    show(done, all, name) {
      clear();
      if (isLive) stderr.write(`${done + 1}/${all} ${printable(name, 60)}`);
    },
  };
}
