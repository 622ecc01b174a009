// Python's global `random`, as far as Keras draws its default seeds from it: MT19937 seeded by an integer.
// Source: CPython Modules/_randommodule.c and Lib/random.py; Matsumoto and Nishimura 1998.

const N = 624;
const M = 397;

/**
 * `random.Random(seed)` of Python, of which `randint(1, 10**9)` is what Keras calls for every initializer without a seed.
 *
 * @example
 * new PythonRandom(1234n).randint1e9(); // => 835549144
 */
export class PythonRandom {
  readonly #state = new Uint32Array(N);
  #index = N;

  constructor(seed: bigint) {
    const key: number[] = [];
    for (let rest = seed < 0n ? -seed : seed; rest > 0n || key.length === 0; rest >>= 32n) {
      key.push(Number(rest & 0xffffffffn));
    }
    this.#seedByArray(key);
  }

  /** `random.randint(1, 10**9)`: 30 bits, drawn again while they are 10^9 or more. */
  randint1e9(): number {
    for (;;) {
      const bits = this.#next() >>> 2;
      if (bits < 1e9) return bits + 1;
    }
  }

  #seedByArray(key: readonly number[]): void {
    const mt = this.#state;
    mt[0] = 19650218;
    for (let i = 1; i < N; i++) mt[i] = Math.imul(1812433253, mix(mt[i - 1])) + i;
    let i = 1;
    let j = 0;
    for (let k = Math.max(N, key.length); k > 0; k--) {
      mt[i] = ((mt[i] ?? 0) ^ Math.imul(mix(mt[i - 1]), 1664525)) + (key[j] ?? 0) + j;
      i++;
      j = (j + 1) % key.length;
      if (i === N) {
        mt[0] = mt[N - 1] ?? 0;
        i = 1;
      }
    }
    for (let k = N - 1; k > 0; k--) {
      mt[i] = ((mt[i] ?? 0) ^ Math.imul(mix(mt[i - 1]), 1566083941)) - i;
      i++;
      if (i === N) {
        mt[0] = mt[N - 1] ?? 0;
        i = 1;
      }
    }
    mt[0] = 0x80000000;
  }

  #next(): number {
    if (this.#index === N) this.#twist();
    let y = this.#state[this.#index++] ?? 0;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #twist(): void {
    const mt = this.#state;
    for (let k = 0; k < N; k++) {
      const y = ((mt[k] ?? 0) & 0x80000000) | ((mt[(k + 1) % N] ?? 0) & 0x7fffffff);
      mt[k] = (mt[(k + M) % N] ?? 0) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#index = 0;
  }
}

function mix(word = 0): number {
  return word ^ (word >>> 30);
}
