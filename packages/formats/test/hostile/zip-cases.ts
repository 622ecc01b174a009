// Hostile .npz files, at least one for each error code.

import { readNpz } from "../../src/index.ts";
import { goodNpy, join, latin1, npyHeaderOf, npyOf, uint, zerosNpy, zipOf } from "../hand-made.ts";
import type { HostileCase } from "./hostile-case.ts";

const zip =
  (...parameters: Parameters<typeof zipOf>) =>
  () =>
    readNpz(zipOf(...parameters));
const good = { name: "a.npy", content: goodNpy };

export const zipCases: HostileCase[] = [
  ["an empty file", "E_ZIP_END", () => readNpz(new Uint8Array(0))],
  ["a file that is no archive", "E_ZIP_END", () => readNpz(goodNpy)],
  ["an archive with bytes after it", "E_ZIP_END", zip([good], { after: latin1("x") })],
  [
    "an archive with bytes before it",
    "E_ZIP_END",
    zip([{ ...good, header: 0 }], { before: latin1("#!/bin/sh\n"), offset: goodNpy.length + 35 }),
  ],
  ["bytes between directory and end", "E_ZIP_END", zip([good], { between: latin1("x") })],
  ["a directory beyond the file", "E_ZIP_END", zip([good], { offset: 0xfffffff0 })],
  ["an archive on two disks", "E_ZIP_END", zip([good], { disk: 1 })],
  [
    "a zip64 locator that points elsewhere",
    "E_ZIP_END",
    zip([good], { between: join(latin1("PK\x06\x07"), uint(4, 0), uint(8, 2n ** 63n), uint(4, 1)) }),
  ],
  ["10001 entries", "E_ZIP_ENTRIES", zip([good], { count: 10_001 })],
  [
    "2^60 entries by zip64",
    "E_ZIP_ENTRIES",
    () => {
      const record = join(
        latin1("PK\x06\x06"),
        uint(8, 44),
        uint(4, 45),
        uint(8, 0),
        uint(8, 2n ** 60n),
        uint(8, 2n ** 60n),
        uint(8, 0),
        uint(8, 0),
      );
      const locator = join(latin1("PK\x06\x07"), uint(4, 0), uint(8, 0), uint(4, 1));
      return readNpz(zipOf([], { before: join(record, locator) }));
    },
  ],
  ["more entries than the directory has", "E_ZIP_DIRECTORY", zip([good], { count: 2 })],
  ["fewer entries than the directory has", "E_ZIP_DIRECTORY", zip([good, { ...good, name: "b.npy" }], { count: 1 })],
  ["a zip64 size without its field", "E_ZIP_DIRECTORY", zip([{ ...good, size: 0xffffffff }])],
  [
    "a zip64 size beyond 2^53",
    "E_ZIP_DIRECTORY",
    zip([{ ...good, size: 0xffffffff, extra: join(uint(2, 1), uint(2, 8), uint(8, 2n ** 60n)) }]),
  ],
  ["a name that leaves the folder", "E_ZIP_NAME", zip([{ ...good, name: "../a.npy" }])],
  ["a name that leaves it in the middle", "E_ZIP_NAME", zip([{ ...good, name: "a/../../b.npy" }])],
  ["an absolute name", "E_ZIP_NAME", zip([{ ...good, name: "/etc/a.npy" }])],
  ["an absolute name of Windows", "E_ZIP_NAME", zip([{ ...good, name: "C:/a.npy" }])],
  ["a name with a backslash", "E_ZIP_NAME", zip([{ ...good, name: "..\\a.npy" }])],
  ["a name with a NUL", "E_ZIP_NAME", zip([{ ...good, name: "a\0b.npy" }])],
  ["a directory longer than the limit", "E_ZIP_DIRECTORY", () => readNpz(zipOf([good]), { headerBytes: 50 })],
  ["an empty name", "E_ZIP_NAME", zip([{ ...good, name: "" }])],
  ["a name that is not UTF-8", "E_ZIP_NAME", zip([{ ...good, name: latin1("\xff.npy") }])],
  ["a name in code page 437", "E_ZIP_NAME", zip([{ ...good, name: "ä.npy", flags: 0 }])],
  ["two entries of one name", "E_ZIP_DUPLICATE", zip([good, good])],
  ["a symbolic link", "E_ZIP_SYMLINK", zip([{ ...good, attributes: 0o120777 * 2 ** 16 }])],
  ["a device", "E_ZIP_SYMLINK", zip([{ ...good, attributes: 0o020666 * 2 ** 16 }])],
  ["a folder", "E_ZIP_SYMLINK", zip([{ ...good, attributes: 0o040755 * 2 ** 16 }])],
  ["an encrypted entry", "E_ZIP_ENCRYPTED", zip([{ ...good, flags: 0x801 }])],
  ["an LZMA entry", "E_ZIP_METHOD", zip([{ ...good, method: 14 }])],
  [
    "two entries on the same bytes",
    "E_ZIP_OVERLAP",
    zip([good, { ...good, name: "b.npy", localName: "a.npy", header: 0 }]),
  ],
  [
    "an entry within another",
    "E_ZIP_OVERLAP",
    zip([
      { name: "a.npy", content: join(goodNpy, goodNpy) },
      { ...good, name: "b.npy", header: 50 },
    ]),
  ],
  ["an entry that runs into the directory", "E_ZIP_OVERLAP", zip([{ ...good, size: 5000, compressedSize: 5000 }])],
  ["a local header of another name", "E_ZIP_LOCAL", zip([{ ...good, localName: "b.npy" }])],
  ["a local header beyond the directory", "E_ZIP_LOCAL", zip([{ ...good, header: 5000 }])],
  ["no local header", "E_ZIP_LOCAL", zip([{ ...good, header: 1 }])],
  ["an entry of 3 GiB", "E_ZIP_LIMIT", zip([{ ...good, deflate: true, size: 3 * 2 ** 30 }])],
  [
    "entries beyond the limit only together",
    "E_ZIP_LIMIT",
    () =>
      readNpz(zipOf([1, 2].map((i) => ({ ...good, name: `${i}.npy`, deflate: true }))), {
        totalBytes: 2 * goodNpy.length - 1,
      }),
  ],
  ["a bomb of 8 MiB in 8 KiB", "E_ZIP_RATIO", zip([{ name: "a.npy", content: zerosNpy(8 * 2 ** 20), deflate: true }])],
  [
    "an entry that says it is small but inflates on",
    "E_ZIP_SIZE",
    zip([
      {
        ...good,
        deflate: true,
        compressed: zipOf([{ name: "a.npy", content: zerosNpy(8 * 2 ** 20), deflate: true }]).subarray(35, -80),
      },
    ]),
  ],
  [
    "an entry that inflates to less",
    "E_ZIP_SIZE",
    zip([{ name: "a.npy", content: npyOf(npyHeaderOf("<f4", "(3,)"), 8), deflate: true, size: goodNpy.length + 4 }]),
  ],
  ["a stored entry of two sizes", "E_ZIP_SIZE", zip([{ ...good, size: goodNpy.length - 1 }])],
  ["damaged deflate", "E_ZIP_DEFLATE", zip([{ ...good, deflate: true, compressed: Uint8Array.of(7, 255, 255, 255) }])],
  ["deflate that is cut off", "E_ZIP_DEFLATE", zip([{ ...good, deflate: true, compressed: Uint8Array.of(0x62) }])],
  ["a wrong checksum, stored", "E_ZIP_CRC", zip([{ ...good, crc: 1 }])],
  ["a wrong checksum, deflated", "E_ZIP_CRC", zip([{ ...good, crc: 1, deflate: true }])],
  ["a wrong checksum of what is left out", "E_ZIP_CRC", zip([good, { ...good, name: "README.txt", crc: 1 }])],
  [
    "a wrong checksum of an array that would be left out",
    "E_ZIP_CRC",
    zip([good, { name: "b.npy", content: npyOf(npyHeaderOf("<U3", "(2,)"), 24), crc: 1, deflate: true }]),
  ],
  ["an archive without a .npy", "E_NPZ_ENTRY", zip([{ ...good, name: "a.pkl" }])],
  ["an entry that is no .npy", "E_NPZ_ENTRY", zip([good, { ...good, name: "a.pkl" }])],
  [
    "an entry whose .npy is a pickle",
    "E_NPY_PICKLE",
    zip([{ name: "a.npy", content: npyOf(npyHeaderOf("|O", "(1,)"), 8) }]),
  ],
  [
    "an entry whose .npy is larger than it",
    "E_NPY_SIZE",
    zip([{ name: "a.npy", content: npyOf(npyHeaderOf("<f8", "(99999999,)"), 8) }]),
  ],
];
