// Colour and weight of text, if the terminal supports them and they are not disabled.
// Source: no-color.org; FORCE_COLOR as in Node's getColorDepth.

import { styleText } from "node:util";
import type { Invocation } from "../command.ts";
import { controlSequence } from "./guarded-output.ts";

/** Styles for text; unsupported styles leave it plain. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}

/** Wraps `text` in the sequences of a format, for a guarded stream; sequences in `text` stay unmarked. */
export function styled(format: "bold" | "dim" | "red" | "yellow", text: string): string {
  const [open = "", close = ""] = styleText(format, "\n", { validateStream: false }).split("\n");
  return controlSequence(open) + text + controlSequence(close);
}

/** Whether `stream` gets plain text. */
function isPlain({ isSet, environment }: Invocation, stream: NodeJS.WriteStream): boolean {
  if (isSet("no-color") || environment["NO_COLOR"] || environment["TERM"] === "dumb") return true;
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined) return forced === "0" || forced === "false";
  return stream.isTTY !== true;
}

/** Returns the styles for output to `stream`, which defaults to stdout. */
export function styleFor(invocation: Invocation, stream: NodeJS.WriteStream = invocation.stdout): Style {
  const plain = isPlain(invocation, stream);
  const apply = (format: "bold" | "dim" | "red" | "yellow") => (text: string) => (plain ? text : styled(format, text));
  return { bold: apply("bold"), dim: apply("dim"), red: apply("red"), yellow: apply("yellow") };
}
