// SPDX-License-Identifier: GPL-3.0-or-later
//
// sites.bin: the call sites of both ISAs. The image tools hand the file as it is to native/transform, which checks
// it; this reader is for everything that isn't in the hot path, and for tests.
import { HcError, type Isa } from '@h-containers/tool-kit';
import {
  HC_SITE_DYNAMIC,
  HC_SITES_MAGIC,
  readStruct,
  site,
  sitesHeader,
  sizeOf,
  writeStruct,
} from './abi.ts';

export interface Site {
  /** Return address of the call. */
  address: bigint;
  /** 0: the outermost frame's return into the entry stub. */
  id: number;
  /** Bytes of native stack, return address included. */
  nativeFrame: number;
  /** Where the return address lies, from the end of the frame. */
  returnSlot: number;
  dataFrame: number;
  /** The data frame has a variable part. */
  dynamic: boolean;
}

export type SiteTables = Record<Isa, Site[]>;

const HEADER = sizeOf(sitesHeader);
const RECORD = sizeOf(site);

export function decodeSites(bytes: Uint8Array, where: string): SiteTables {
  if (bytes.length < HEADER) throw new HcError(`${where}: shorter than its header`);
  const header = readStruct(sitesHeader, bytes);
  if (header.magic !== HC_SITES_MAGIC) throw new HcError(`${where}: not a call-site table`);
  const expected = HEADER + (header.count_x86_64 + header.count_aarch64) * RECORD;
  if (bytes.length !== expected)
    throw new HcError(`${where}: ${bytes.length} bytes instead of ${expected}`, {
      hint: 'unpack the bundle again',
    });
  const part = (first: number, count: number) =>
    Array.from({ length: count }, (_, i) => decodeSite(bytes, HEADER + (first + i) * RECORD));
  return {
    'x86-64': part(0, header.count_x86_64),
    aarch64: part(header.count_x86_64, header.count_aarch64),
  };
}

function decodeSite(bytes: Uint8Array, at: number): Site {
  const record = readStruct(site, bytes, at);
  return {
    address: record.address,
    id: record.id,
    nativeFrame: record.native_frame,
    returnSlot: record.return_slot,
    dataFrame: record.data_frame >>> 1,
    dynamic: (record.data_frame & HC_SITE_DYNAMIC) !== 0,
  };
}

/** Sorts each part by address. */
export function encodeSites(tables: SiteTables): Buffer {
  const parts = [tables['x86-64'], tables.aarch64].map((part) =>
    part.toSorted((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0)),
  );
  const bytes = Buffer.alloc(HEADER + parts.flat().length * RECORD);
  writeStruct(sitesHeader, bytes, {
    magic: HC_SITES_MAGIC,
    count_x86_64: tables['x86-64'].length,
    count_aarch64: tables.aarch64.length,
  });
  for (const [i, each] of parts.flat().entries()) {
    const record = {
      address: each.address,
      id: each.id,
      native_frame: each.nativeFrame,
      return_slot: each.returnSlot,
      data_frame: (each.dataFrame << 1) | (each.dynamic ? HC_SITE_DYNAMIC : 0),
    };
    writeStruct(site, bytes, record, HEADER + i * RECORD);
  }
  return bytes;
}
