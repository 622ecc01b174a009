// A worker that runs the programs on a shared memory, with instances of its own.
// Source: node:worker_threads.

import { parentPort, workerData } from "node:worker_threads";
import { programs, runPrograms } from "./concurrent-programs.mjs";

const { memory, base, rounds, binaries } = workerData;
parentPort?.postMessage(runPrograms(programs, memory, base, rounds, binaries));
