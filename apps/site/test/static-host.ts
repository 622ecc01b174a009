// A static host like GitHub Pages: serves files under a path with their types, without other headers.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export const dist: string = fileURLToPath(new URL("../dist/", import.meta.url));

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** A running host of the built site. */
export interface StaticHost {
  /** Ends in a slash. */
  readonly url: string;
  close(): void;
}

/** Serves `folder` under `/some/folder/`. */
export async function startHost(folder: string = dist): Promise<StaticHost> {
  const base = "/some/folder/";
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://host");
    const name = pathname === base ? "index.html" : normalize(pathname.slice(base.length));
    try {
      if (!pathname.startsWith(base) || name.startsWith("..")) throw new Error("outside");
      const body = await readFile(join(folder, name));
      response.writeHead(200, { "content-type": types[extname(name)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${base}`, close: () => server.close() };
}
