// The error of an invalid specification of weights, with the place in it.

/**
 * The error of a refused specification, thrown before anything is written. The message begins with the path in it.
 *
 * @example
 * let message = "";
 * try {
 *   readWeightsSpec('{ "tensors": 3 }');
 * } catch (error) {
 *   if (error instanceof WeightsSpecError) message = error.message;
 * }
 * message; // => 'tensors: expected a list of one tensor or more, got 3'
 */
export class WeightsSpecError extends Error {
  override readonly name: string = "WeightsSpecError";
  /** The place, such as `tensors[3].initializer`. */
  readonly path: string;

  constructor(path: string, message: string, options?: ErrorOptions) {
    super(`${path}: ${message}`, options);
    this.path = path;
  }
}
