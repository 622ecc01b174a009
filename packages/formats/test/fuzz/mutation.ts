// Seeded mutations of files: bits, fields, numbers in text; pieces cut, moved and repeated.
// The random numbers are xorshift32: Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (2003).

/** Draws integers from 0 to `bound` - 1. */
export type Random = (bound: number) => number;

/** Makes a generator from a seed other than 0. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

/** Default for the maximum length of a mutant. */
const MAX_LENGTH = 4096;

const tellingBytes = [0, 1, 0x22, 0x27, 0x2c, 0x2d, 0x30, 0x39, 0x5b, 0x7b, 0x7d, 0x7f, 0x80, 0xfe, 0xff];
const tellingFields = [
  0n,
  1n,
  0x7fn,
  0xffn,
  0xffffn,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 53n,
  2n ** 64n - 1n,
];
const tellingNumbers = ["0", "1", "-1", "-0", "NaN", "1e999", "1.5", "007", "4294967296", "9007199254740993"].map(
  ascii,
);

/** Converts ASCII text to bytes. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Makes mutants in its own buffer; `tokens` are tokens of the format. */
export class Mutator {
  readonly random: Random;
  readonly #tokens: readonly Uint8Array[];
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #length = 0;

  constructor(seed: number, tokens: readonly string[], maxLength: number = MAX_LENGTH) {
    this.#bytes = new Uint8Array(maxLength);
    this.#view = new DataView(this.#bytes.buffer);
    this.random = randomFrom(seed);
    this.#tokens = tokens.map(ascii);
  }

  /** Copies `good` and applies one to four mutations, most often one. */
  mutant(good: Uint8Array): Uint8Array {
    this.#bytes.set(good);
    this.#length = good.length;
    let damages = 1;
    while (damages < 4 && this.random(2) === 0) damages++;
    for (; damages > 0; damages--) this.#damage();
    return this.#bytes.slice(0, this.#length);
  }

  #damage(): void {
    const { random } = this;
    const at = random(this.#length + 1);
    const kind = random(16);
    if (kind < 3) this.#set(at, (this.#bytes[at] ?? 0) ^ (1 << random(8)));
    else if (kind < 5) this.#set(at, tellingBytes[random(tellingBytes.length)] ?? 0);
    else if (kind < 7) this.#setField(at);
    else if (kind < 11) this.#setNumber(at);
    else if (kind < 13) this.#setText(at);
    else if (kind === 13) this.#replace(at, random(16), new Uint8Array(0));
    else if (kind === 14) this.#replace(at, 0, this.#bytes.slice(Math.max(0, at - random(64)), at));
    else if (random(4) === 0) this.#length = at;
    else
      this.#replace(at, random(16), this.#bytes.slice(random(this.#length + 1), this.#length).subarray(0, random(64)));
  }

  #set(at: number, byte: number): void {
    if (at < this.#length) this.#bytes[at] = byte;
  }

  /** Replaces a little-endian integer of 2, 4 or 8 bytes with a limit or a nearby value. */
  #setField(at: number): void {
    const { random } = this;
    const bytes = 2 << random(3);
    if (at + bytes > this.#length) return;
    const shift = BigInt(random(3) - 1);
    const isNear = random(2) === 0;
    const far = tellingFields[random(tellingFields.length)] ?? 0n;
    if (bytes === 2)
      this.#view.setUint16(
        at,
        Number(BigInt.asUintN(16, isNear ? BigInt(this.#view.getUint16(at, true)) + shift : far)),
        true,
      );
    else if (bytes === 4)
      this.#view.setUint32(
        at,
        Number(BigInt.asUintN(32, isNear ? BigInt(this.#view.getUint32(at, true)) + shift : far)),
        true,
      );
    else this.#view.setBigUint64(at, isNear ? this.#view.getBigUint64(at, true) + shift : far, true);
  }

  /** Replaces the next number in text with a special value, or changes one digit. */
  #setNumber(at: number): void {
    let start = at;
    while (start < this.#length && !isDigit(this.#bytes[start] ?? 0)) start++;
    if (start === this.#length) return;
    let end = start;
    while (end < this.#length && isDigit(this.#bytes[end] ?? 0)) end++;
    if (this.random(2) === 0) this.#bytes[start + this.random(end - start)] = 0x30 + this.random(10);
    else this.#replace(start, end - start, tellingNumbers[this.random(tellingNumbers.length)] ?? this.#bytes);
  }

  /** Replaces the next quoted text, some bytes, or nothing with one of the tokens. */
  #setText(at: number): void {
    const token = this.#tokens[this.random(this.#tokens.length)] ?? this.#bytes;
    let start = at;
    while (start < this.#length && this.#bytes[start] !== 0x22 && this.#bytes[start] !== 0x27) start++;
    const end = this.#bytes.indexOf(this.#bytes[start] ?? 0, start + 1) + 1;
    if (end > 0 && end < this.#length && this.random(2) === 0) this.#replace(start, end - start, token);
    else this.#replace(at, this.random(2) * this.random(8), token);
  }

  /** Replaces `removed` bytes at `at` with `piece`, if the result is not too long. */
  #replace(at: number, removed: number, piece: Uint8Array): void {
    const tail = Math.min(this.#length, at + removed);
    const length = this.#length - (tail - at) + piece.length;
    if (length > this.#bytes.length) return;
    this.#bytes.copyWithin(at + piece.length, tail, this.#length);
    this.#bytes.set(piece, at);
    this.#length = length;
  }
}
