// The public names of @fanin/lab/node, which need Node's file system.

export { loadIdxDirectory } from "./data/load-directory.ts";
