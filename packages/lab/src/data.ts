// The public names of @fanin/lab/data: data sets of images.

export type { Dataset, Examples } from "./data/dataset.ts";
export { readIdx } from "./data/idx.ts";
export { digitClasses, type IdxFile, idxFileNames, readIdxDataset } from "./data/idx-dataset.ts";
export { proceduralDataset } from "./data/procedural.ts";
