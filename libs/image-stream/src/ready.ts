// SPDX-License-Identifier: GPL-3.0-or-later
import { READY } from './names.ts';
import type { ImageSink } from './sink.ts';

/** Several times what a pipe holds (64 KiB, pipe(7)). */
export const READY_SIZE = 256 * 1024;

/**
 * Returns once the next tool of the pipe has started to read. A tool does this before it reads its own input: so the first
 * one, hc-notify, stops the process only when all are up, and their start is no down time.
 */
export async function writeReady(sink: ImageSink): Promise<void> {
  await sink.add(READY, Buffer.alloc(READY_SIZE));
  await sink.flush();
}
