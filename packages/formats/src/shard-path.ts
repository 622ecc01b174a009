// The path of a shard that a manifest or an index names: within its folder, also for those who resolve it as a URL.

import { entryNameFault } from "./zip-reader.ts";

/** The path with one spelling for one file, `./a//b.bin` being `a/b.bin`; or what is wrong with it. */
export function shardPath(text: string): { readonly path: string } | { readonly fault: string } {
  const isUrl = /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text) || /%(?:2e|2f|5c|00)/i.test(text) || /[?#]/.test(text);
  const fault = entryNameFault(text) ?? (isUrl ? "which a browser takes for another place" : undefined);
  if (fault !== undefined) return { fault };
  // Aliases of one small file would stand for any number of large ones.
  const path = text
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
  return path === "" ? { fault: "which is the folder itself" } : { path };
}
