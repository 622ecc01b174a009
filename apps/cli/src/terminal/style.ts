// Colour and weight of text, where the terminal has them and nobody has asked for none.
// Source: no-color.org; FORCE_COLOR as Node's own getColorDepth reads it.

import { styleText } from "node:util";
import type { Invocation } from "../command.ts";
import { controlSequence } from "./guarded-output.ts";

/** Text as it is to be seen; what is not supported is left plain. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}

/** `text` between the sequences of a format, for a guarded stream; sequences in `text` itself stay unmarked. */
export function styled(format: "bold" | "dim" | "red" | "yellow", text: string): string {
  const [open = "", close = ""] = styleText(format, "\n", { validateStream: false }).split("\n");
  return controlSequence(open) + text + controlSequence(close);
}

/** Whether text goes to `stream` without escape sequences. */
function isPlain({ isSet, environment }: Invocation, stream: NodeJS.WriteStream): boolean {
  if (isSet("no-color") || environment["NO_COLOR"] || environment["TERM"] === "dumb") return true;
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined) return forced === "0" || forced === "false";
  return stream.isTTY !== true;
}

/** The styles for what a command writes to `stream`, stdout unless said. */
export function styleFor(invocation: Invocation, stream: NodeJS.WriteStream = invocation.stdout): Style {
  const plain = isPlain(invocation, stream);
  const apply = (format: "bold" | "dim" | "red" | "yellow") => (text: string) => (plain ? text : styled(format, text));
  return { bold: apply("bold"), dim: apply("dim"), red: apply("red"), yellow: apply("yellow") };
}
