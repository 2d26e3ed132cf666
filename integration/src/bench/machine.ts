// SPDX-License-Identifier: GPL-3.0-or-later
// Where and when a result was measured.
import { cpus, loadavg, totalmem } from 'node:os';
import { llvm } from '@h-containers/native-toolchain';
import { execa } from 'execa';
import { top } from '../paths.ts';
import { round } from './statistics.ts';

export interface Conditions {
  date: string;
  command: string;
  revision: string;
  cpu: string;
  cores: number;
  memoryGb: number;
  clang: string;
  guests: 'TCG' | "KVM for the guest of the host's ISA";
  loadBefore: number;
  loadAfter: number;
  remarks: string[];
}

const load = (): number => round(loadavg()[0] ?? 0, 2);

async function output(program: string, args: string[]): Promise<string> {
  const { stdout } = await execa(program, args, { cwd: top, reject: false });
  return stdout ?? '';
}

/** Call before measuring; the result is to be called after it. script: of package.json. */
export async function observe(script: string): Promise<() => Conditions> {
  const loadBefore = load();
  const changed = await output('git', ['status', '--porcelain', '--untracked-files=no']);
  const revision = await output('git', ['rev-parse', 'HEAD']);
  const clang = (await output(llvm.clang, ['--version'])).split('\n')[0] ?? '';
  const all = cpus();
  return () => {
    const loadAfter = load();
    // Afterwards the load is our own, too: the transform takes four processes.
    const busy = loadBefore > all.length / 2 || loadAfter > 2 * all.length;
    return {
      date: new Date().toISOString(),
      command: `npm run ${script} -- ${process.argv.slice(2).join(' ')}`.replace(/ -- $/, ''),
      revision: changed === '' ? revision : `${revision} with local changes`,
      cpu: all[0]?.model ?? 'unknown',
      cores: all.length,
      memoryGb: round(totalmem() / 2 ** 30, 1),
      clang,
      guests: process.env.HC_KVM === '1' ? "KVM for the guest of the host's ISA" : 'TCG',
      ...{ loadBefore, loadAfter },
      remarks: busy
        ? ['Other programs ran on this machine meanwhile: CPU times compare, elapsed times are too long.']
        : [],
    };
  };
}
