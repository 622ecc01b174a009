// Escapes text for elements and quoted attributes of HTML and SVG. Every string of a figure or a report passes through here.
// Source: HTML Living Standard, 13.1; XML 1.0, 2.2 for forbidden characters.

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

// Control characters, lone surrogates and noncharacters make XML ill-formed; bidirectional overrides can disguise a name.
const forbidden = /[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Escapes `& < > " '` in `text` as entities and replaces characters that XML forbids by U+FFFD. The result is well-formed
 * and inert between tags and in quoted attributes (not in a script, a style or an unquoted attribute).
 *
 * @example
 * escapeMarkup('<b title="x">'); // => '&lt;b title=&quot;x&quot;&gt;'
 */
export function escapeMarkup(text: string): string {
  return text.replace(forbidden, "\ufffd").replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
