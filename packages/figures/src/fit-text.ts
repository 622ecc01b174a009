// Estimates the width of a text without a browser, on the safe side, and shortens a text but keeps both ends.

/** The font sizes of figures in their own units. Texts must fit at the size for small screens, where a unit is smaller. */
export const figureFontSize: { readonly regular: number; readonly smallScreen: number } = {
  regular: 11,
  smallScreen: 13.5,
};
// In em: a mean over wide system fonts. Beyond Latin, Greek and Cyrillic, a character is about 1 em wide.
const CHARACTER = 0.6;
const WIDE_CHARACTER = 1;

/** The estimated width of `text` in the units of a figure. */
export function textWidth(text: string, fontSize: number = figureFontSize.smallScreen): number {
  let width = 0;
  for (const character of text) width += (character.codePointAt(0) ?? 0) > 0x1100 ? WIDE_CHARACTER : CHARACTER;
  return width * fontSize;
}

/** `text`, or its start and end around an ellipsis if it is wider than `width`. */
export function fitText(text: string, width: number, fontSize: number = figureFontSize.smallScreen): string {
  if (textWidth(text, fontSize) <= width) return text;
  const characters = [...text];
  for (let kept = characters.length - 1; kept > 1; kept--) {
    const start = Math.ceil(kept / 2);
    const cut = `${characters.slice(0, start).join("")}\u2026${characters.slice(characters.length - (kept - start)).join("")}`;
    if (textWidth(cut, fontSize) <= width) return cut;
  }
  return "\u2026";
}
