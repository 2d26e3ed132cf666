// SPDX-License-Identifier: GPL-3.0-or-later
import { openImages } from '@h-containers/image-stream';
import { type Cleanup, HcError, recordName } from '@h-containers/tool-kit';
import type { Member } from './dump.ts';
import { type Source, sourceByPid, sourceOf } from './source.ts';

export interface Input {
  source: Source;
  /** Members to hand on. */
  members: Member[];
  /** Tells hc-notify that the source is in good hands, or gone. */
  finish(): Promise<void>;
}

/** hc-notify's stream on stdin. */
export async function readNotification(cleanup: Cleanup): Promise<Input> {
  const images = await openImages({ cleanup });
  const name = recordName('hc-notify');
  if (!images.has(name))
    throw new HcError(`${images.location}: there is no ${name}`, {
      hint: 'run it as: hc-notify PID | hc-dump',
    });
  const members = await Promise.all(
    images.names.map(async (each) => ({ name: each, bytes: await images.read(each) })),
  );
  return { source: sourceOf(parse(await images.read(name), name)), members, finish: () => images.finish() };
}

export function byPid(pid: number): Input {
  return { source: sourceByPid(pid), members: [], finish: async () => {} };
}

function parse(bytes: Buffer, name: string): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    throw new HcError(`${name} is damaged`, { cause: error, hint: 'run it as: hc-notify PID | hc-dump' });
  }
}
