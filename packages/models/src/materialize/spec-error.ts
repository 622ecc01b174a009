// What is wrong with a specification of weights, and where in it.

/**
 * A specification that is refused, before anything is written; the message begins with the path in it.
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
