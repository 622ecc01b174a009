// Text of a file, such as the name of a tensor, without what would steer the terminal.
// Source: ECMA-48 for control characters; Unicode's bidirectional algorithm for those of direction.

const direction = "\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069";
const steering = new RegExp(`[\\u0000-\\u001f\\u007f-\\u009f${direction}]|\\p{Surrogate}`, "gu");
const steeringInLines = new RegExp(`[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f${direction}]|\\p{Surrogate}`, "gu");

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** `text` in lines: control and direction characters escaped as JSON does it, so that JSON stays the same value. */
export function visibleText(text: string): string {
  return text.replace(steeringInLines, escaped);
}

/** `text` on one line of at most `width` characters: control and direction characters escaped, the middle left out where it is too long. */
export function printable(text: string, width: number = 200): string {
  const visible = text.replace(steering, escaped);
  if (visible.length <= width) return visible;
  const head = Math.floor((width - 1) / 3);
  return `${visible.slice(0, head)}…${visible.slice(visible.length - (width - 1 - head))}`;
}
