// SPDX-License-Identifier: GPL-3.0-or-later
// One whole-program module -> executables (docs/architecture.md, "From C to a bundle").
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Points } from '@h-containers/bundle';
import { type Isa, llvm } from '@h-containers/native-toolchain';
import { runOrFail } from './run.ts';
import type { RuntimeFiles } from './runtime-files.ts';

export interface CodeOptions {
  points: Points;
  isas: readonly Isa[];
  runtime: RuntimeFiles;
  /** Path of hc-codegen. */
  codegen: string;
  /** A folder for the results and what leads there. */
  work: string;
}

export interface Executables {
  /** Build-id of the executables: 40 hexadecimal digits. */
  bundleId: string;
  module: string;
  paths: Partial<Record<Isa, string>>;
  sites: string;
  names: string;
}

/** The aarch64 linker would align segments to 64 KiB. */
const layoutFlags = ['-z', 'noexecstack', '-z', 'max-page-size=4096'];

/** Times a step. */
export type Measure = <T>(phase: string, step: () => Promise<T>) => Promise<T>;
export const unmeasured: Measure = (_phase, step) => step();

export async function buildExecutables(
  module: string,
  options: CodeOptions,
  measure: Measure,
): Promise<Executables> {
  const { codegen, isas, points, work } = options;
  const bundleId = identify(module, options);
  const forEach = (value: (isa: Isa) => string) => isas.flatMap((isa) => [`--${isa}`, value(isa)]);
  const objects = (isa: Isa) => [join(work, `${isa}.o`), ...options.runtime.objects[isa]];
  const app = (isa: Isa) => join(work, isa, 'app');
  const sites = join(work, 'sites.bin');

  await measure('codegen', () =>
    runOrFail(codegen, [
      'compile',
      ...isas.flatMap((isa) => ['--isa', isa]),
      ...['--points', points, '--out', work],
      module,
    ]),
  );
  await measure('link', async () => {
    await runOrFail(codegen, ['plan', '--out', work, ...forEach((isa) => objects(isa).join(','))]);
    await Promise.all(
      isas.map(async (isa) => {
        mkdirSync(join(work, isa), { recursive: true });
        const script = join(work, `${isa}.ld`);
        const flags = ['-static', `--build-id=0x${bundleId}`, ...layoutFlags, '-T', script];
        await runOrFail(llvm.lld, [...flags, '-o', app(isa), ...objects(isa)]);
      }),
    );
    await runOrFail(codegen, ['finish', '--sites', sites, ...forEach(app)]);
  });
  const paths = Object.fromEntries(isas.map((isa) => [isa, app(isa)]));
  return { bundleId, module, paths, sites, names: join(work, 'names.json') };
}

/** Names what the executables are made from, so that the same id means the same bytes. */
function identify(module: string, { points, isas, runtime, codegen }: CodeOptions): string {
  const hash = createHash('sha256');
  const add = (label: string, bytes: Buffer | string) =>
    hash.update(`${label} ${bytes.length}\n`).update(bytes);
  add('options', JSON.stringify({ points, isas }));
  add('module', readFileSync(module));
  add('hc-codegen', readFileSync(codegen));
  for (const isa of isas) {
    for (const path of runtime.objects[isa]) add(`${isa}/${basename(path)}`, readFileSync(path));
  }
  return hash.digest('hex').slice(0, 40);
}
