// The one error of a model's JSON: a code, the layer it is about, what was expected and what came.

/** Why a model is refused. */
export const kerasModelReasons = {
  E_MODEL_JSON: "the text is not JSON, or exceeds its bounds",
  E_MODEL_CONFIG: "a part of the JSON is missing, of another kind, or out of range",
  E_MODEL_LAYER: "a layer, or an option of one, that is not supported",
  E_MODEL_GRAPH: "the layers are not connected into a model",
  E_MODEL_SHAPE: "a shape is unknown, or does not fit the layer that gets it",
} as const;

/** A code such as `E_MODEL_LAYER`. */
export type KerasModelCode = keyof typeof kerasModelReasons;

/**
 * A model that is refused, before any weight is allocated; the message begins with where it is wrong.
 *
 * @example
 * try {
 *   kerasWeights("{", { seed: 0 });
 * } catch (error) {
 *   if (error instanceof KerasModelError) console.log(error.code); // E_MODEL_JSON
 * }
 */
export class KerasModelError extends Error {
  override readonly name: string = "KerasModelError";
  readonly code: KerasModelCode;
  /** The layer, as in `Dense "dense_1"`; `model` where it is none. */
  readonly where: string;

  constructor(code: KerasModelCode, where: string, message: string, options?: ErrorOptions) {
    super(`${where}: ${message} (${code})`, options);
    this.code = code;
    this.where = where;
  }
}
