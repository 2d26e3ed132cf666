// SPDX-License-Identifier: GPL-3.0-or-later
import { randomBytes } from 'node:crypto';
import { fstatSync } from 'node:fs';
import { CONFIRM } from './names.ts';
import type { ImageSink } from './sink.ts';

/** More than pipes, an ssh window or both ends of a TCP connection (tcp(7): tcp_wmem, tcp_rmem) hold; docs/architecture.md. */
export const CONFIRM_SIZE = 12 * 1024 * 1024;
/** Between two processes of one machine, with perhaps a tee between them. */
export const LOCAL_CONFIRM_SIZE = 1024 * 1024;

/** Whether somebody reads what is written there: a file or /dev/null confirms nothing. */
export function hasReader(fd: number): boolean {
  const stat = fstatSync(fd);
  return stat.isFIFO() || stat.isSocket();
}

/** Noise, so that a compressing link does not make it small. Returns once the reader has taken nearly all of it. */
export async function writeConfirm(sink: ImageSink, size = CONFIRM_SIZE): Promise<void> {
  await sink.addStream(CONFIRM, size, noise(size));
}

async function* noise(size: number): AsyncGenerator<Buffer> {
  const block = 64 * 1024;
  for (let at = 0; at < size; at += block) yield randomBytes(Math.min(block, size - at));
}
