// A mirror on 127.0.0.1 that serves one file correctly or with a fault.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Handles a request; `offset` is the start of the requested range. */
export type Behaviour = (response: ServerResponse, content: Buffer, offset: number, request: IncomingMessage) => void;

/** A running mirror. */
export interface Mirror {
  readonly url: string;
  /** The range header of each request, or "none". */
  readonly ranges: string[];
  close(): Promise<void>;
}

/** Serves the content, or the requested range. */
export const wellBehaved: Behaviour = (response, content, offset) => {
  if (offset === 0) response.writeHead(200, { "content-length": content.length });
  else response.writeHead(206, { "content-range": `bytes ${offset}-${content.length - 1}/${content.length}` });
  response.end(content.subarray(offset));
};

/** Serves the content from its start, and ignores the range. */
export const withoutRanges: Behaviour = (response, content) => wellBehaved(response, content, 0, {} as IncomingMessage);

/** Sends at most `count` of the requested bytes, and closes the connection once `arrived` confirms their arrival. */
export const truncatedAfter =
  (count: number, arrived: (bytes: number) => Promise<void>): Behaviour =>
  (response, content, offset) => {
    const part = content.subarray(offset, offset + count);
    if (offset === 0) response.writeHead(200, { "content-length": content.length });
    else response.writeHead(206, { "content-range": `bytes ${offset}-${content.length - 1}/${content.length}` });
    response.write(part);
    if (offset + count >= content.length) response.end();
    else void arrived(offset + count).then(() => response.destroy());
  };

/** Answers with only a status. */
export const answering =
  (status: number, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    response.writeHead(status, headers).end();
  };

/** Sends `count` bytes, then keeps the connection open. */
export const hangingAfter =
  (count: number): Behaviour =>
  (response, content, offset) => {
    if (count > 0) {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(offset, offset + count));
    }
  };

/** Closes the connection before the first byte `times` times, then serves correctly. */
export const hangingUp = (times: number): Behaviour => {
  let left = times;
  return (response, content, offset, request) => {
    if (left-- > 0) response.socket?.resetAndDestroy();
    else wellBehaved(response, content, offset, request);
  };
};

/** Sends a few bytes ten times a second. */
export const dripping: Behaviour = (response, content) => {
  response.writeHead(200, { "content-length": content.length });
  let at = 0;
  const timer = setInterval(() => {
    response.write(content.subarray(at, at + 8));
    at += 8;
  }, 100);
  response.on("close", () => clearInterval(timer));
};

/** Serves other bytes of the same length. */
export const lying: Behaviour = (response, content, offset, request) =>
  wellBehaved(response, Buffer.alloc(content.length, 7), offset, request);

/** Starts a mirror that serves `content` at every path. */
export async function startMirror(content: Buffer, behave: Behaviour): Promise<Mirror> {
  const ranges: string[] = [];
  const server = createServer((request, response) => {
    const { range } = request.headers;
    ranges.push(range ?? "none");
    const [, offset = "0"] = /^bytes=(\d+)-$/.exec(range ?? "") ?? [];
    behave(response, content, Number(offset), request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}/`, ranges, close };
}
