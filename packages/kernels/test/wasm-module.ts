// What a compiled module holds: its data segments and mutable globals; and the same module on a memory that is shared.
// Source: the binary format of the WebAssembly specification, and its threads proposal for the flags of a shared memory.

interface Section {
  readonly id: number;
  /** The section's contents, without its id and size. */
  readonly body: Uint8Array;
}

/** Reads the numbers and vectors of a section in order. */
class Reader {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    return this.#bytes[this.at++] as number;
  }

  /** An integer in LEB128, signed where `signed`. */
  integer(signed = false): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte & 0x80) continue;
      return signed && byte & 0x40 ? value - 2 ** (shift + 7) : value;
    }
  }

  bytes(length: number): Uint8Array {
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  /** A constant expression of one instruction and `end`; its value where it is i32.const. */
  constant(): number {
    const opcode = this.byte();
    const sizes: Record<number, number> = { 67: 4, 68: 8 };
    const value = opcode === 0x41 || opcode === 0x42 ? this.integer(true) : Number.NaN;
    this.bytes(sizes[opcode] ?? 0);
    if (this.byte() !== 0x0b) throw new Error(`constant: expected one instruction, got more than opcode ${opcode}`);
    return value;
  }
}

function encoded(value: number): number[] {
  return value < 128 ? [value] : [(value & 0x7f) | 0x80, ...encoded(Math.floor(value / 128))];
}

function sectionsOf(module: Uint8Array): Section[] {
  const reader = new Reader(module);
  reader.bytes(8);
  const sections: Section[] = [];
  while (reader.at < module.length) sections.push({ id: reader.byte(), body: reader.bytes(reader.integer()) });
  return sections;
}

/** A reader of section `id` and the number of its entries; 0 where the module has no such section. */
function openSection(module: Uint8Array, id: number): { reader: Reader; count: number } {
  const body = sectionsOf(module).find((section) => section.id === id)?.body ?? Uint8Array.of(0);
  const reader = new Reader(body);
  return { reader, count: reader.integer() };
}

/** The active data segments: where each begins and its bytes. */
export function dataSegments(module: Uint8Array): { readonly offset: number; readonly bytes: Uint8Array }[] {
  const { reader, count } = openSection(module, 11);
  return Array.from({ length: count }, () => {
    if (reader.integer() !== 0) throw new Error("data: expected an active segment of memory 0");
    const offset = reader.constant();
    return { offset, bytes: reader.bytes(reader.integer()) };
  });
}

/** Where the data of the module ends. */
export function endOfData(module: Uint8Array): number {
  return Math.max(0, ...dataSegments(module).map(({ offset, bytes }) => offset + bytes.length));
}

/** The numbers of the mutable globals. */
export function mutableGlobals(module: Uint8Array): number[] {
  const { reader, count } = openSection(module, 6);
  const mutable: number[] = [];
  for (let i = 0; i < count; i++) {
    reader.byte(); // its type
    if (reader.byte() === 1) mutable.push(i);
    reader.constant();
  }
  return mutable;
}

/** The module with an import of a shared memory of `pages` pages in place of its memory. */
export function onSharedMemory(module: Uint8Array, pages: number): Uint8Array<ArrayBuffer> {
  const parts = sectionsOf(module).map(({ id, body }) => {
    if (id !== 2) return [id, ...encoded(body.length), ...body];
    const name = [...new TextEncoder().encode("memory")];
    const entry = [3, ...new TextEncoder().encode("env"), name.length, ...name, 2];
    const changed = [1, ...entry, 3, ...encoded(0), ...encoded(pages)];
    return [id, ...encoded(changed.length), ...changed];
  });
  return Uint8Array.from([...module.subarray(0, 8), ...parts.flat()]);
}
