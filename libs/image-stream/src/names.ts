// SPDX-License-Identifier: GPL-3.0-or-later
import { HcError } from '@h-containers/tool-kit';

/** Last member of a stream that hc-dump sends down a pipe; docs/architecture.md. Never in a directory. */
export const CONFIRM = 'hc/confirm';

/** First member of a stream that goes down a pipe; docs/architecture.md. Never in a directory. */
export const READY = 'hc/ready';

export type Place = 'ready' | 'small' | 'pages' | 'confirm';

/** Where in a stream a member belongs, in this order. */
export const PLACES: readonly Place[] = ['ready', 'small', 'pages', 'confirm'];

export function placeOf(name: string): Place {
  if (name === READY) return 'ready';
  if (name === CONFIRM) return 'confirm';
  // hc/file-N: contents of the process's files, as large as they like.
  return /^(?:pages-.*\.img|hc\/file-\d+)$/.test(name) ? 'pages' : 'small';
}

/** A plain file name, or one below hc/; short enough for one tar header block. Anything else could name a file outside the image directory. */
const SAFE = /^(?:hc\/)?[A-Za-z0-9_+=,@%:~-][A-Za-z0-9_+=,@%:~.-]{0,95}$/;

/** `tar c .` writes "./core-1.img". */
export function checkedName(name: string, from: string): string {
  const plain = name.replace(/^\.\//, '');
  if (SAFE.test(plain) && plain !== 'hc') return plain;
  throw new HcError(`${from}: refused member ${JSON.stringify(name)}: not the name of an image file`, {
    hint: 'image streams hold files like core-1.img and hc/hc-dump.json only, without any other directory',
  });
}
