// Formats numbers of bytes.

const units = ["B", "KiB", "MiB", "GiB"];

/** Formats bytes with three digits, such as `392 KiB` or `1.5 GiB`. */
export function byteSize(count: number): string {
  const power = count < 1 ? 0 : Math.min(3, Math.floor(Math.log2(count) / 10));
  return `${Number((count / 1024 ** power).toPrecision(3))} ${units[power]}`;
}
