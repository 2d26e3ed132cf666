// SPDX-License-Identifier: GPL-3.0-or-later
import type { Isa } from './isa.ts';
import { bigintAsString, type Fields } from './reporter.ts';
import type { Timers } from './timers.ts';

/** One per tool in every image stream: hc/<tool>.json. */
export interface HcRecord extends Fields {
  tool: string;
  version: string;
  isa: Isa;
  startedAt: string;
  ms: { total: number } & Record<string, number>;
}

export interface RecordParts {
  tool: string;
  version: string;
  isa: Isa;
  timers: Timers;
  fields?: Fields;
}

export function makeRecord({ tool, version, isa, timers, fields }: RecordParts): HcRecord {
  return { tool, version, isa, startedAt: timers.startedAt.toISOString(), ms: timers.ms(), ...fields };
}

export function recordName(tool: string): string {
  return `hc/${tool}.json`;
}

/** The record as a stream member. */
export function recordMember(record: HcRecord): { name: string; bytes: Buffer } {
  return { name: recordName(record.tool), bytes: Buffer.from(`${JSON.stringify(record, bigintAsString)}\n`) };
}
