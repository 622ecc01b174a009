// The shapes that JSON may hold, in which null stands for a dimension that is not known.

/** Dimensions, outermost first; null where one is not known, as the batch mostly is. */
export type PartialShape = readonly (number | null)[];

/** `value` if it is a list of dimensions. */
export function expectSizes(value: unknown): PartialShape | undefined {
  if (!Array.isArray(value)) return undefined;
  const isDimension = (size: unknown): boolean =>
    size === null || (Number.isSafeInteger(size) && (size as number) >= 0);
  return value.every(isDimension) ? (value as (number | null)[]) : undefined;
}

/** The shapes of one argument, of a tensor or a list of them; undefined for anything else. */
export function expectShapes(value: unknown): readonly PartialShape[] | undefined {
  const single = expectSizes(value);
  if (single && single.length > 0) return [single];
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const shapes = value.map(expectSizes);
  return shapes.every((shape) => shape !== undefined) ? shapes : undefined;
}

/** `(null, 28, 28)`, as messages show a shape. */
export function formatPartial(shape: PartialShape): string {
  return `(${shape.map(String).join(", ")})`;
}
