// Formats aligned columns of text.

/** Formats rows under a header; right-aligns columns whose header starts with a space. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header.map((cell) => cell.trim()), ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return header[column]?.startsWith(" ") ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return `${all.map(line).join("\n")}\n`;
}
