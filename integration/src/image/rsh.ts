// SPDX-License-Identifier: GPL-3.0-or-later
import { join } from 'node:path';
import { muslCompiler } from '@h-containers/debian-packages';
import { execa } from 'execa';
import type { GuestPlan } from '../architectures.ts';
import { top } from '../paths.ts';

export const rshSource = join(top, 'integration/rsh/rsh.c');

/** Compiles the guests' remote shell, statically against Debian's musl for the guest's architecture. */
export async function buildRsh(scratch: string, plan: GuestPlan, output: string): Promise<void> {
  const { compiler, before, after } = await muslCompiler(plan.debian, join(scratch, 'musl'));
  const flags = ['-O2', '-Wall', '-Wextra', '-Werror', '-Wno-unused-result', '-s'];
  await execa(compiler, [...before, ...flags, rshSource, ...after, '-o', output]);
}
