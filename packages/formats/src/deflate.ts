// Deflate and inflate with the platform's streams, available in Node 20 and in browsers.
// Compression Streams standard, "deflate-raw".

/** Pipes chunks through a platform transform; rejects if the transform fails. */
export async function* transformed(
  chunks: AsyncIterable<Uint8Array>,
  transform: CompressionStream | DecompressionStream,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  const input = new ReadableStream<BufferSource>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value as Uint8Array<ArrayBuffer>);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  const reader = input.pipeThrough(transform as ReadableWritablePair<Uint8Array, BufferSource>).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // After a failure, cancel() rejects with the error that the loop has thrown.
    await reader.cancel().catch(() => undefined);
  }
}
