// A mirror on 127.0.0.1 that serves one file as well or as badly as a test asks.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a mirror does with a request; `offset` is where the range that was asked for begins. */
export type Behaviour = (response: ServerResponse, content: Buffer, offset: number, request: IncomingMessage) => void;

/** A running mirror. */
export interface Mirror {
  readonly url: string;
  /** The range header of each request, "none" without one. */
  readonly ranges: string[];
  close(): Promise<void>;
}

/** Serves the content, or the range of it that is asked for. */
export const wellBehaved: Behaviour = (response, content, offset) => {
  if (offset === 0) response.writeHead(200, { "content-length": content.length });
  else response.writeHead(206, { "content-range": `bytes ${offset}-${content.length - 1}/${content.length}` });
  response.end(content.subarray(offset));
};

/** Serves the content from its start, whatever is asked for. */
export const withoutRanges: Behaviour = (response, content) => wellBehaved(response, content, 0, {} as IncomingMessage);

/** Sends at most `count` bytes of what is asked for, and hangs up once `arrived` says that so much of the file is there. */
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

/** Answers with a status and nothing else. */
export const answering =
  (status: number, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    response.writeHead(status, headers).end();
  };

/** Sends `count` bytes and then nothing more. */
export const hangingAfter =
  (count: number): Behaviour =>
  (response, content, offset) => {
    if (count > 0) {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(offset, offset + count));
    }
  };

/** Hangs up before the first byte, as often as `times`, and then serves well. */
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

/** Starts a mirror of `content`, whatever the path. */
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
