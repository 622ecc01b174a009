// Times contenders in alternating turns in one process, so that other load affects all of them equally.
// The result is the median over turns A B A B ...; the spread is the median absolute deviation.
// @ts-check

/**
 * One way to do a piece of work.
 * @typedef {object} Contender
 * @property {string} name
 * @property {boolean} [own] whether it is Fanin's; the others are its peers
 * @property {() => unknown} [run] does the work once; a promise is awaited
 * @property {() => Promise<unknown>} [enter] prepares `run`, such as by selecting a backend; not timed
 * @property {number} [amount] work of one run, in a unit that all contenders of a case share; defaults to 1
 * @property {string} [only] the own contender that this is compared with; defaults to all; two peers with different `only` may share a name
 * @property {boolean} [isLimit] whether it is a bound, not a peer; the ratio is then shown in per cent
 * @property {boolean} [isSlow] whether one run takes seconds: it is timed once, without a warm-up
 * @property {number} [cost] a known cost that needs no measurement, such as bytes
 *
 * @typedef {object} Timing
 * @property {string} name
 * @property {boolean} own
 * @property {string} [only] that of the contender
 * @property {number} amount
 * @property {number} median seconds for one run, or the known cost
 * @property {number} deviation
 * @property {number} samples
 *
 * @typedef {{ rounds?: number, seconds?: number }} MeasureOptions number of turns, and minimum length of each
 */

/** @param {readonly number[]} values */
export function median(values) {
  if (values.length === 0) throw new RangeError("values: expected at least one, got none");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/**
 * Calls `run` until at least `seconds` have passed; returns the mean seconds of a call.
 * @param {Contender} contender
 * @param {number} seconds
 */
async function sample({ run, enter }, seconds) {
  if (!run) throw new TypeError("run: expected a function, got none");
  await enter?.();
  const start = performance.now();
  let calls = 0;
  let now = start;
  do {
    const result = run();
    if (result instanceof Promise) await result;
    calls++;
    now = performance.now();
  } while (now - start < seconds * 1000);
  return (now - start) / 1000 / calls;
}

/**
 * Medians over `rounds` turns A B A B ..., after a warm-up of each; slow contenders run in the first turn only.
 * @param {readonly Contender[]} contenders
 * @param {MeasureOptions} [options]
 * @returns {Promise<Timing[]>}
 */
export async function measure(contenders, { rounds = 9, seconds = 0.25 } = {}) {
  const timed = contenders.filter(({ cost }) => cost === undefined);
  for (const contender of timed) if (!contender.isSlow) await sample(contender, seconds);
  /** @type {Map<Contender, number[]>} */
  const times = new Map(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of timed) {
      if (contender.isSlow && round > 0) continue;
      times.get(contender)?.push(await sample(contender, contender.isSlow ? 0 : seconds));
    }
  }
  return contenders.map((contender) => {
    const samples = times.get(contender) ?? [];
    const middle = contender.cost ?? median(samples);
    const deviation = samples.length === 0 ? 0 : median(samples.map((time) => Math.abs(time - middle)));
    const { name, own = false, only, amount = 1 } = contender;
    const paired = only === undefined ? {} : { only };
    return { name, own, ...paired, amount, median: middle, deviation, samples: samples.length };
  });
}
