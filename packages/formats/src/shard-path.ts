// Checks the path of a shard: it stays within the folder of the manifest, as a path and as a URL.

import { entryNameFault } from "./zip-reader.ts";

/** Normalizes a path (`./a//b.bin` to `a/b.bin`), or returns what is wrong with it. */
export function shardPath(text: string): { readonly path: string } | { readonly fault: string } {
  const isUrl = /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text) || /%(?:2e|2f|5c|00)/i.test(text) || /[?#]/.test(text);
  const fault = entryNameFault(text) ?? (isUrl ? "which a browser resolves to another place" : undefined);
  if (fault !== undefined) return { fault };
  // Without normalization, one small file under many spellings would pass as many large files.
  const path = text
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
  return path === "" ? { fault: "which is the folder itself" } : { path };
}
