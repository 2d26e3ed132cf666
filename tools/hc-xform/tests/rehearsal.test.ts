// SPDX-License-Identifier: GPL-3.0-or-later
import { ISAS } from '@h-containers/tool-kit';
import { test } from 'uvu';
import { rehearse } from '../src/rehearsal.ts';

for (const isa of ISAS)
  test(`the rehearsal for ${isa} goes through without files or messages`, () => rehearse(isa));

test.run();
