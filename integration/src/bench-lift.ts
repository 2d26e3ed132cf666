// SPDX-License-Identifier: GPL-3.0-or-later
// npm run bench:lift: what lifting costs, and what user-mode QEMU would.
import { defineCommand, runMain } from 'citty';
import { keep } from './bench/keep.ts';
import { type Kernel, kernels, measureLift } from './bench/lift.ts';
import { observe } from './bench/machine.ts';

function kernelsOf(text: string | undefined): readonly Kernel[] {
  if (text === undefined) return kernels;
  return text.split(',').map((word) => {
    const name = kernels.find((known) => known === word);
    if (!name) throw new Error(`There is no kernel "${word}"; there are ${kernels.join(', ')}`);
    return name;
  });
}

const command = defineCommand({
  meta: { name: 'bench:lift', description: 'Measure lifted executables against the originals' },
  args: {
    json: { type: 'boolean', description: 'the last line is the result as one JSON object' },
    quick: { type: 'boolean', description: 'fewer and smaller measurements' },
    only: { type: 'string', valueHint: 'NAMES', description: kernels.join(', ') },
    runs: { type: 'string', valueHint: 'N', description: 'of each kernel; 7 by default, 3 with --quick' },
  },
  async run({ args }) {
    const conclude = await observe('bench:lift');
    const { quick } = args;
    const result = await measureLift({
      kernels: kernelsOf(args.only),
      runs: Number(args.runs ?? (quick ? 3 : 7)),
      scale: quick ? 0.2 : 1,
      tell: (line) => console.log(line),
    });
    const conditions = conclude();
    for (const remark of conditions.remarks) console.log(remark);
    if (args.only === undefined) await keep(quick ? '-lift-quick' : '-lift', { conditions, ...result });
    if (args.json) console.log(JSON.stringify(result));
  },
});

await runMain(command);
