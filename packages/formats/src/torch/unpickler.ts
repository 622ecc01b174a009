// Reads pickles, protocols 0 to 5, as data: a closed list of opcodes and of names, and nothing is ever called.
// Source: Python 3.13, Lib/pickle.py and Lib/pickletools.py.
// One file: the opcodes share the stack, the memo and the marks.

import { type MalformedCode, MalformedFileError, quote } from "../malformed-file-error.ts";
import { ArgumentFault, applyState, callGlobal, knownGlobal, storageDType } from "./pickle-globals.ts";
import { PyDict, PyGlobal, PyList, PyStorage, type PyValue } from "./pickle-values.ts";

/** Bounds of a pickle. */
export interface PickleBounds {
  /** Maximum number of opcodes. */
  readonly opcodes: number;
}

/** Thrown where the bytes end before the pickle does; a reader that has more bytes tries again. */
export class PickleEnd extends Error {}

/** A mark on the stack. */
const MARK = Symbol("mark");
type Slot = PyValue | typeof MARK;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const latin1 = (bytes: Uint8Array): string => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
};

/** Reads one pickle from `bytes`, starting at `start`. `at` is then the offset after it. */
export class Unpickler {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string | undefined;
  readonly #bounds: PickleBounds;
  readonly #memo = new Map<number, PyValue>();
  readonly #namespaces = new Set<PyValue>();
  #stack: Slot[] = [];

  constructor(bytes: Uint8Array, start: number, bounds: PickleBounds, file?: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    this.#bounds = bounds;
    this.at = start;
  }

  /**
   * Reads the pickle.
   *
   * @throws MalformedFileError E_PICKLE, E_PICKLE_OPCODE, E_PICKLE_GLOBAL or E_PICKLE_LIMIT; PickleEnd if bytes are missing.
   */
  read(): PyValue {
    for (let count = 0; ; count++) {
      if (count >= this.#bounds.opcodes) {
        this.#refuse("E_PICKLE_LIMIT", `a pickle of at most ${this.#bounds.opcodes} opcodes`, "more");
      }
      const place = this.at;
      const opcode = this.#byte();
      if (opcode === 0x2e) return this.#pop();
      try {
        this.#run(opcode, place);
      } catch (error) {
        if (!(error instanceof ArgumentFault)) throw error;
        this.#refuse("E_PICKLE", error.message, `another value at byte ${place}`);
      }
    }
  }

  #refuse(code: MalformedCode, expected: string, got: string): never {
    throw new MalformedFileError(code, { file: this.#file, expected, got });
  }

  #damaged(expected: string): never {
    return this.#refuse("E_PICKLE", expected, `another one before byte ${this.at}`);
  }

  #take(length: number): Uint8Array {
    if (!(length >= 0) || this.at + length > this.#bytes.length) throw new PickleEnd();
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  #byte(): number {
    return this.#take(1)[0] as number;
  }

  #number(bytes: 2 | 4 | 8): number {
    const at = this.at;
    this.#take(bytes);
    if (bytes === 2) return this.#view.getUint16(at, true);
    return bytes === 4 ? this.#view.getUint32(at, true) : Number(this.#view.getBigUint64(at, true));
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new PickleEnd();
    const text = latin1(this.#bytes.subarray(this.at, end));
    this.at = end + 1;
    return text;
  }

  #text(length: number): string {
    const bytes = this.#take(length);
    try {
      return utf8.decode(bytes);
    } catch {
      // Python 2's strings are bytes; lone surrogates are not valid UTF-8 either.
      return latin1(bytes);
    }
  }

  /** An integer of `length` bytes, little-endian, in two's complement. */
  #long(length: number): number | bigint {
    if (length > 1024) this.#refuse("E_PICKLE_LIMIT", "an integer of at most 1024 bytes", `${length}`);
    const bytes = this.#take(length);
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
    value = BigInt.asIntN(Math.max(1, 8 * length), value);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  #push(value: PyValue): void {
    this.#stack.push(value);
  }

  #pop(): PyValue {
    const value = this.#stack.pop();
    return value === undefined || value === MARK ? this.#damaged("a value on the stack") : (value as PyValue);
  }

  #top(): PyValue {
    const value = this.#stack.at(-1);
    return value === undefined || value === MARK ? this.#damaged("a value on the stack") : (value as PyValue);
  }

  /** Pops the values above the last mark, and the mark. */
  #popMark(): PyValue[] {
    const at = this.#stack.lastIndexOf(MARK);
    if (at < 0) this.#damaged("a mark on the stack");
    const values = this.#stack.slice(at + 1) as PyValue[];
    this.#stack.length = at;
    return values;
  }

  #global(module: string, name: string, place: number): PyValue {
    const known = knownGlobal(module, name);
    if (known !== undefined) return known;
    // A class of somebody's code, as torch.save(model) writes it.
    const isClass = /^[A-Z]/.test(name.split(".").at(-1) ?? "");
    const path = `${module}.${name}`;
    return isClass
      ? this.#refuse(
          "E_PICKLE_GLOBAL",
          "a file with only tensors and plain containers, such as torch.save(model.state_dict(), path) writes it",
          `one that pickles a class of ${module}: ${quote(path)} at byte ${place}`,
        )
      : this.#refuse(
          "E_PICKLE_GLOBAL",
          "names that tensors and plain containers need",
          `${quote(path)} at byte ${place}`,
        );
  }

  /** A storage from the tuple ("storage", class, key, location, count[, view]). */
  #persistent(id: PyValue): PyStorage {
    const [kind, type, key, , count, view] = id instanceof PyList ? id.items : [];
    const dtype = storageDType(type);
    if (kind !== "storage" || dtype === undefined || (typeof key !== "string" && typeof key !== "number")) {
      return this.#damaged('a persistent id ("storage", class, key, location, count)');
    }
    if (typeof count !== "number" || count < 0) return this.#damaged("a number of elements in a persistent id");
    const [, offset, size] = view instanceof PyList ? view.items : [];
    const isView = typeof offset === "number" && typeof size === "number" && offset >= 0;
    return new PyStorage(dtype, String(key), count, isView ? offset : 0);
  }

  #setItems(values: readonly PyValue[]): void {
    const target = this.#top();
    if (!(target instanceof PyDict) || values.length % 2 !== 0) this.#damaged("a dict and pairs");
    const { entries } = target as PyDict;
    for (let i = 0; i < values.length; i += 2) entries.set(values[i] as PyValue, values[i + 1] as PyValue);
  }

  #append(values: readonly PyValue[]): void {
    const target = this.#top();
    if (!(target instanceof PyList)) this.#damaged("a list or a set");
    for (const value of values) (target as PyList).items.push(value);
  }

  #call(callee: PyValue, args: PyValue): void {
    const made = callGlobal(callee, args);
    if (callee instanceof PyGlobal && callee.path === "argparse.Namespace") this.#namespaces.add(made);
    this.#push(made);
  }

  #remember(index: number): void {
    this.#memo.set(index, this.#top());
  }

  #recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) this.#damaged(`a memo with the entry ${index}`);
    this.#push(value as PyValue);
  }

  #run(opcode: number, place: number): void {
    switch (String.fromCharCode(opcode)) {
      case "\x80": // PROTO
        if (this.#byte() > 5) this.#refuse("E_PICKLE_OPCODE", "a pickle of protocol 0 to 5", "a later one");
        return;
      case "\x95": // FRAME
        this.#take(8);
        return;
      case "(":
        this.#stack.push(MARK);
        return;
      case "0":
        this.#pop();
        return;
      case "1":
        this.#popMark();
        return;
      case "2":
        this.#push(this.#top());
        return;
      case "N":
        this.#push(null);
        return;
      case "\x88":
        this.#push(true);
        return;
      case "\x89":
        this.#push(false);
        return;
      case "I":
        this.#push(this.#integerLine());
        return;
      case "L":
        this.#push(this.#integerLine());
        return;
      case "J":
        this.#push(this.#number(4) | 0);
        return;
      case "K":
        this.#push(this.#byte());
        return;
      case "M":
        this.#push(this.#number(2));
        return;
      case "\x8a":
        this.#push(this.#long(this.#byte()));
        return;
      case "\x8b":
        this.#push(this.#long(this.#number(4)));
        return;
      case "F":
        this.#push(Number(this.#line()));
        return;
      case "G": {
        this.#take(8);
        this.#push(this.#view.getFloat64(this.at - 8, false));
        return;
      }
      case "S":
      case "V":
        this.#push(this.#line().replace(/^(['"])(.*)\1$/, "$2"));
        return;
      case "T":
      case "X":
        this.#push(this.#text(this.#number(4)));
        return;
      case "U":
      case "\x8c":
        this.#push(this.#text(this.#byte()));
        return;
      case "\x8d":
        this.#push(this.#text(this.#number(8)));
        return;
      case "B":
        this.#push(this.#take(this.#number(4)));
        return;
      case "C":
        this.#push(this.#take(this.#byte()));
        return;
      case "\x8e":
      case "\x96":
        this.#push(this.#take(this.#number(8)));
        return;
      case "]":
        this.#push(new PyList("list"));
        return;
      case "a":
        this.#append([this.#pop()]);
        return;
      case "e":
      case "\x90":
        this.#append(this.#popMark());
        return;
      case "l":
        this.#push(new PyList("list", this.#popMark()));
        return;
      case ")":
        this.#push(new PyList("tuple"));
        return;
      case "t":
        this.#push(new PyList("tuple", this.#popMark()));
        return;
      case "\x85":
      case "\x86":
      case "\x87": {
        const items = Array.from({ length: opcode - 0x84 }, () => this.#pop());
        this.#push(new PyList("tuple", items.reverse()));
        return;
      }
      case "}":
        this.#push(new PyDict());
        return;
      case "d": {
        const values = this.#popMark();
        this.#push(new PyDict());
        this.#setItems(values);
        return;
      }
      case "s": {
        const value = this.#pop();
        this.#setItems([this.#pop(), value]);
        return;
      }
      case "u":
        this.#setItems(this.#popMark());
        return;
      case "\x8f":
        this.#push(new PyList("set"));
        return;
      case "\x91":
        this.#push(new PyList("set", this.#popMark()));
        return;
      case "g":
        this.#recall(Number(this.#line()));
        return;
      case "h":
        this.#recall(this.#byte());
        return;
      case "j":
        this.#recall(this.#number(4));
        return;
      case "p":
        this.#remember(Number(this.#line()));
        return;
      case "q":
        this.#remember(this.#byte());
        return;
      case "r":
        this.#remember(this.#number(4));
        return;
      case "\x94":
        this.#remember(this.#memo.size);
        return;
      case "c": {
        const module = this.#line();
        this.#push(this.#global(module, this.#line(), place));
        return;
      }
      case "\x93": {
        const name = this.#pop();
        const module = this.#pop();
        if (typeof name !== "string" || typeof module !== "string") this.#damaged("two texts");
        this.#push(this.#global(module as string, name as string, place));
        return;
      }
      case "R":
      case "\x81": {
        const args = this.#pop();
        this.#call(this.#pop(), args);
        return;
      }
      case "b": {
        const state = this.#pop();
        applyState(this.#top(), state, this.#namespaces.has(this.#top()));
        return;
      }
      case "Q":
        this.#push(this.#persistent(this.#pop()));
        return;
      default:
        this.#refuse(
          "E_PICKLE_OPCODE",
          "opcodes that tensors and plain containers need",
          `the opcode 0x${opcode.toString(16).padStart(2, "0")} at byte ${place}`,
        );
    }
  }

  /** `I01` and `I00` are booleans; `L` numbers end in L. */
  #integerLine(): PyValue {
    const text = this.#line();
    if (text === "01") return true;
    if (text === "00") return false;
    if (!/^[+-]?\d{1,400}L?$/.test(text)) return this.#damaged("an integer");
    const value = BigInt(text.replace(/[+L]/g, ""));
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
}
