// Makes a source that the HDF5 library can read synchronously, with the last page kept: the library reads headers in small pieces.

import { type ByteSource, readExactly } from "../byte-source.ts";
import type { SyncSource } from "./hdf5-module.ts";

const PAGE_BYTES = 65536;

/**
 * Returns a synchronous reader of `source`; one that cannot is read into memory if it has at most `wholeBytes`.
 *
 * @throws RangeError if it has more.
 */
export async function syncSource(source: ByteSource, wholeBytes: number, file?: string): Promise<SyncSource> {
  if (source.readSync !== undefined) return paged(source as ByteSource & SyncSource);
  if (source.size > wholeBytes) {
    const where = file === undefined ? "" : `${file}: `;
    throw new RangeError(
      `${where}expected a source with readSync for an HDF5 file of more than ${wholeBytes} bytes, got ${source.size} bytes; open it in a worker, where a Blob can be read synchronously`,
    );
  }
  const bytes = await readExactly(source, 0, source.size, file);
  return { size: bytes.length, readSync: (offset, length) => bytes.subarray(offset, offset + length) };
}

function paged(source: SyncSource): SyncSource {
  let page: Uint8Array = new Uint8Array(0);
  let pageStart = 0;
  return {
    size: source.size,
    readSync(offset, length) {
      if (offset < pageStart || offset + length > pageStart + page.length) {
        if (length > PAGE_BYTES / 2) return source.readSync(offset, length);
        pageStart = offset - (offset % 512);
        page = source.readSync(pageStart, Math.min(PAGE_BYTES, source.size - pageStart));
      }
      return page.subarray(offset - pageStart, offset - pageStart + length);
    },
  };
}
