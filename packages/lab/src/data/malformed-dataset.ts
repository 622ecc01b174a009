// The errors of malformed data set files, by code.

import { MalformedFileError } from "@fanin/formats";

/** Every reason for refusing a file of a data set, by code. */
export const datasetReasons = {
  E_IDX_MAGIC: "the first four bytes are not those of the expected kind of IDX file",
  E_IDX_DIMENSIONS: "the header declares no examples, or images of an absurd size",
  E_IDX_LIMIT: "the examples take more bytes than the limit",
  E_IDX_TRUNCATED: "the file ends before the last example does",
  E_IDX_TRAILING: "there are bytes after the last example",
  E_IDX_GZIP: "the compressed bytes are damaged or cut short",
  E_IDX_LABEL: "a label is not the number of a class",
  E_DATASET_COUNT: "there are not as many labels as images",
  E_DATASET_SIZE: "training and test images differ in size",
} as const;

/** A code such as `E_IDX_TRUNCATED`. */
export type DatasetCode = keyof typeof datasetReasons;

/** The error for a refused file: `file: expected X, got Y (CODE)`. */
export function malformedDataset(
  code: DatasetCode,
  file: string,
  expected: string,
  got: string,
  options: ErrorOptions = {},
): MalformedFileError<DatasetCode> {
  return new MalformedFileError(code, { file, expected, got, ...options });
}
