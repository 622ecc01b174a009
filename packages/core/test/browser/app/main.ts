// The page: gives the test a way to train here and in a worker.

import { type Trained, train } from "./training.ts";

function trainInWorker(deterministic: boolean): Promise<Trained> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<Trained>) => resolve(data));
    worker.addEventListener("error", ({ message }) => reject(new Error(message)));
    worker.postMessage(deterministic);
  });
}

Object.assign(globalThis, { trainOn: { page: train, worker: trainInWorker } });
