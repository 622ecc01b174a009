// What a file that fanin wrote may say of the data set that it was computed on.

import { hashSchema, integerFrom, listOf, recordOf, type Schema, textOf } from "@fanin/formats/record-schema";

/**
 * The description of a data set.
 *
 * @example
 * typeof datasetSchema({}, "dataset"); // => 'string'
 */
export const datasetSchema: Schema = recordOf({
  name: textOf(),
  trainCount: integerFrom(0),
  validationCount: integerFrom(0),
  testCount: integerFrom(0),
  features: integerFrom(1),
  classes: listOf(textOf(), 1),
  sha256: hashSchema,
});
