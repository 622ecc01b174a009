// Trains in a Web Worker; answers each request with the losses, or with what went wrong.

import { train } from "./training.ts";

self.addEventListener("message", async ({ data }: MessageEvent<boolean>) => {
  self.postMessage(await train(data).catch((error: Error) => ({ error: error.stack ?? error.message })));
});
