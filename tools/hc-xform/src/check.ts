// SPDX-License-Identifier: GPL-3.0-or-later
import type { ImageSource } from '@h-containers/image-stream';
import { otherIsa, type Reporter, Timers } from '@h-containers/tool-kit';
import { loadDump, transform } from '@h-containers/transform';
import type { Options } from './arguments.ts';
import { Programs } from './load.ts';
import { gatherInputs } from './xform.ts';

/** Does everything but write: whatever refuses the move refuses here, with exit code 3. */
export async function check(source: ImageSource, options: Options, report: Reporter): Promise<void> {
  const dump = await loadDump(source);
  const to = options.to ?? otherIsa(dump.isa);
  if (to === dump.isa) return report.info(`these images are for ${to} already`);
  const timers = new Timers();
  const programs = await Programs.of(source, options.bundles, timers);
  transform(dump, await gatherInputs(source, dump, programs, timers), to);
  const pids = dump.tasks.map(({ who }) => who).join(', ');
  report.info(`would move from ${dump.isa} to ${to}: ${pids}`, { moves: true, from: dump.isa, to });
}
