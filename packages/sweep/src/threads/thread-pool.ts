// Pools of threads (piscina), which are ended once the process is at rest.
//
// Node 20 aborts where a thread ends while V8 still optimizes its code in the background: one run in some hundreds under load.
// Whether it does is seen by the processor time of the process, which rests when all of its threads do.

import type { Piscina } from "piscina";

const LOOK = 30; // milliseconds
const RESTING = 0.1; // of one core
const QUIET_LOOKS = 3;
const MOST_LOOKS = 60;

/** Threads that run what they are given, one thing at a time each. */
export type ThreadPool = Piscina;

/** A pool of `least` to `most` threads, each of which runs the functions of the module `worker`. */
export async function startThreads(worker: URL, least: number, most: number): Promise<ThreadPool> {
  // Loaded here, so that a command that needs no threads does not wait for it.
  const { Piscina } = await import("piscina");
  return new Piscina({ filename: worker.href, minThreads: least, maxThreads: most });
}

/** Waits until no thread of this process has worked for some time, or for a bounded one; then ends those of `pool`. */
export async function endThreads(pool: ThreadPool): Promise<void> {
  let quiet = 0;
  for (let look = 0; look < MOST_LOOKS && quiet < QUIET_LOOKS; look++) {
    const [before, start] = [process.cpuUsage(), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, LOOK));
    const { user, system } = process.cpuUsage(before);
    quiet = (user + system) / 1000 < RESTING * (performance.now() - start) ? quiet + 1 : 0;
  }
  await pool.destroy();
}
