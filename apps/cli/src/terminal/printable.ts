// Escapes control characters in text from files, such as the names of tensors.
// Source: ECMA-48 for control characters; Unicode's bidirectional algorithm for direction characters.

const direction = "\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069";
const steering = new RegExp(`[\\u0000-\\u001f\\u007f-\\u009f${direction}]|\\p{Surrogate}`, "gu");
const steeringInLines = new RegExp(`[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f${direction}]|\\p{Surrogate}`, "gu");

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Escapes control and direction characters in lines of `text` as JSON does, so that JSON keeps its value. */
export function visibleText(text: string): string {
  return text.replace(steeringInLines, escaped);
}

/** Formats `text` on one line of at most `width` characters: escapes control and direction characters, and shortens it in the middle. */
export function printable(text: string, width: number = 200): string {
  const visible = text.replace(steering, escaped);
  if (visible.length <= width) return visible;
  const head = Math.floor((width - 1) / 3);
  return `${visible.slice(0, head)}…${visible.slice(visible.length - (width - 1 - head))}`;
}
