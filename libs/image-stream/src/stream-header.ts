// SPDX-License-Identifier: GPL-3.0-or-later
import { BLOCK } from './tar-codec.ts';

/**
 * A global pax header with this comment opens every stream we write. It promises that pages-*.img come last, so that
 * the reader need not look for more metadata behind them. Every tar skips it, and it is lost when a stream
 * is unpacked and packed again, along with the order it speaks of. Layout: POSIX.1-2017, pax, "ustar Interchange Format".
 */
export const STREAM_HEADER: Buffer = globalHeader('comment=h-containers 1: pages last');

function globalHeader(record: string): Buffer {
  const body = paxRecord(record);
  const header = Buffer.alloc(BLOCK);
  header.write('pax_global_header', 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        g', 148);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc(BLOCK - body.length)]);
}

/** "LENGTH key=value\n", where LENGTH counts itself. */
function paxRecord(record: string): Buffer {
  const rest = ` ${record}\n`;
  return Buffer.from(`${rest.length + 2}${rest}`);
}
