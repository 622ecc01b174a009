// What JSON.parse may give where an object is expected.

/** An object as JSON.parse gives it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether `value` is an object, and no list. */
export function isRecord(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
