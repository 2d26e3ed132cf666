// SPDX-License-Identifier: GPL-3.0-or-later
import { decodeMessage } from './decode.ts';
import type { Messages } from './generated/types.ts';
import type { ImageKind } from './kinds.ts';
import type { WireReader } from './wire-reader.ts';

/*
 * Raw data that follows a message in some images. The message says how much; the sizes are those that crit
 * (lib/py/images/images.py of CRIU 3.17.1) uses.
 */

type Measure = (message: never, reader: WireReader, end: number) => number;

/** Reads nothing for good: only says how many bytes from here on belong to `message`. */
const MEASURES: { [K in ImageKind]?: Measure } = {
  'pipes-data': (message: Messages['pipe_data_entry']) => message.bytes,
  'fifo-data': (message: Messages['pipe_data_entry']) => message.bytes,
  'sk-queues': (message: Messages['sk_packet_entry']) => message.length,
  'tcp-stream': (message: Messages['tcp_stream_entry']) => message.inq_len + message.outq_len,
  'bpfmap-data': (message: Messages['bpfmap_data_entry']) => message.keys_bytes + message.values_bytes,
  'ghost-file': (message: Messages['ghost_chunk_entry']) => Number(message.len),
  'ipcns-shm': (message: Messages['ipc_shm_entry']) =>
    message.in_pagemaps ? 0 : roundUp(Number(message.size), 4),
  'ipcns-sem': (message: Messages['ipc_sem_entry']) => roundUp(message.nsems * 2, 8),
  'ipcns-msg': messageQueueSize,
};

export function extraSize(kind: ImageKind, message: unknown, reader: WireReader, end: number): number {
  const measure = MEASURES[kind];
  // The table pairs each kind with the type of its own messages.
  return measure === undefined ? 0 : measure(message as never, reader, end);
}

export function hasExtras(kind: ImageKind): boolean {
  return MEASURES[kind] !== undefined;
}

/** Each System V message is a framed ipc_msg, then its text, padded to 8 bytes. */
function messageQueueSize(queue: Messages['ipc_msg_entry'], reader: WireReader, end: number): number {
  const start = reader.at;
  for (let index = 0; index < queue.qnum; index++) {
    const size = reader.u32(end);
    if (size > end - reader.at) reader.fail(`${size} bytes expected, ${end - reader.at} left`);
    const { msize } = decodeMessage('ipc_msg', reader, reader.at + size);
    reader.take(roundUp(msize, 8), end);
  }
  const size = reader.at - start;
  reader.at = start;
  return size;
}

function roundUp(size: number, unit: number): number {
  return Math.ceil(size / unit) * unit;
}
