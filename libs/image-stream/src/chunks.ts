// SPDX-License-Identifier: GPL-3.0-or-later

/** Bytes of a member as they come. */
export type Chunks = AsyncIterable<Buffer>;

/** As a view, not a copy; nothing for no bytes. */
export async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Buffer> {
  if (bytes.length > 0) yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
