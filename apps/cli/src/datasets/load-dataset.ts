// Loads the data set of `--data`.

import { type Dataset, proceduralDataset } from "@fanin/lab/data";
import { loadIdxDirectory } from "@fanin/lab/node";
import { usageError } from "../exit-codes.ts";
import { cachedDataset, isPublishedDataset } from "./dataset-cache.ts";

/** Loads `procedural`, a data set fetched by `fanin data fetch`, or a folder with the four IDX files. */
export async function loadDataset(data: string): Promise<Dataset> {
  if (data === "") throw usageError("--data: expected procedural, the name of a data set, or a folder, got nothing");
  if (data === "procedural") return proceduralDataset();
  return loadIdxDirectory(isPublishedDataset(data) ? await cachedDataset(data) : data);
}
