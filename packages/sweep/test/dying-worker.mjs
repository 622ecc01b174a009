// The worker of a comparison, in a thread that exits during a run as often as a file beside its state gives.
// Otherwise the same module, so the result after its death must be the same.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as worker from "../dist/run/run-worker.js";

/** @param {import("../dist/run/run-worker.js").RunTask} task */
export function train(task) {
  const file = join(dirname(task.checkpoint), `deaths-of-${task.run.initializer}-${task.run.seed}`);
  const deaths = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  if (deaths === 0) return worker.train(task);
  writeFileSync(file, String(deaths - 1));
  let reports = 0;
  const port = {
    /** @param {unknown} message */
    postMessage(message) {
      task.port.postMessage(message);
      // The state is saved before the second report.
      if (++reports === 2) process.exit(9);
    },
    close: () => task.port.close(),
  };
  return worker.train({ ...task, port: /** @type {import("node:worker_threads").MessagePort} */ (port) });
}
