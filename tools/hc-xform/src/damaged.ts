// SPDX-License-Identifier: GPL-3.0-or-later
import { HcError } from '@h-containers/tool-kit';

export function damagedPages(name: string, size?: number, expected?: number): HcError {
  const what = size === undefined ? 'missing' : `${size} bytes, but its pagemap says ${expected}`;
  return new HcError(`${name}: ${what}`, { hint: 'the images are truncated or damaged; dump again' });
}
