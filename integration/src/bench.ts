// SPDX-License-Identifier: GPL-3.0-or-later
// npm run bench
import { resolve } from 'node:path';
import { POINTS, type Points } from '@h-containers/bundle';
import { defineCommand, runMain } from 'citty';
import { heapCases, measureHops, redisCases } from './bench/hops.ts';
import { keep } from './bench/keep.ts';
import { observe } from './bench/machine.ts';
import { measureOverhead } from './bench/overhead.ts';
import { selectBenchmarks } from './bench/programs.ts';
import { measureTransform } from './bench/transform.ts';

function pointsOf(text: string): [Points, ...Points[]] {
  const [first, ...others] = text.split(',').map((name) => {
    const points = POINTS.find((known) => known === name);
    if (!points) throw new Error(`There are no points "${name}"; there are ${POINTS.join(', ')}`);
    return points;
  });
  if (!first) throw new Error('--points needs at least one name');
  return [first, ...others];
}

const parts = ['overhead', 'transform', 'hops', 'redis'] as const;
type Part = (typeof parts)[number];

function partsOf(text: string | undefined): readonly Part[] {
  if (text === undefined) return parts;
  return text.split(',').map((name) => {
    const part = parts.find((known) => known === name);
    if (!part) throw new Error(`There is no part "${name}"; there are ${parts.join(', ')}`);
    return part;
  });
}

const command = defineCommand({
  meta: { name: 'bench', description: 'Measure what portable programs and their moves cost' },
  args: {
    json: { type: 'boolean', description: 'the last line is the result as one JSON object' },
    quick: { type: 'boolean', description: 'fewer and smaller measurements' },
    only: { type: 'string', valueHint: 'PARTS', description: parts.join(', ') },
    programs: { type: 'string', valueHint: 'NAMES', description: 'of the overhead part' },
    points: {
      type: 'string',
      valueHint: 'NAMES',
      default: 'loops,outer',
      description: `of ${POINTS.join(', ')}`,
    },
    lto: {
      type: 'boolean',
      default: true,
      description: 'compare with clang -O2 -flto as well',
      negativeDescription: 'only with clang -O2',
    },
    runs: { type: 'string', valueHint: 'N', description: 'of each build; 7 by default, 3 with --quick' },
    codegen: {
      type: 'string',
      valueHint: 'PATH',
      description: 'an hc-codegen under development; implies --x86-only',
    },
    'x86-only': { type: 'boolean', description: 'build no aarch64 executables' },
  },
  async run({ args }) {
    const tell = (line: string) => console.log(line);
    const conclude = await observe('bench');
    const { quick } = args;
    const wanted = partsOf(args.only);
    // One part that fails takes nothing from the others.
    const when = async <T>(part: Part, measure: () => Promise<T>): Promise<T | undefined> => {
      if (!wanted.includes(part)) return undefined;
      try {
        return await measure();
      } catch (error) {
        tell(`${part} FAILED: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
        return undefined;
      }
    };
    const overhead = await when('overhead', () =>
      measureOverhead({
        benchmarks: selectBenchmarks(args.programs),
        points: pointsOf(args.points),
        lto: args.lto,
        runs: Number(args.runs ?? (quick ? 3 : 7)),
        codegen: args.codegen === undefined ? undefined : resolve(args.codegen),
        onlyX86: args['x86-only'] === true || args.codegen !== undefined,
        tell,
      }),
    );
    const transform = await when('transform', () =>
      measureTransform({ sizes: quick ? [1, 64] : [1, 16, 256, 2048], runs: quick ? 1 : 3, tell }),
    );
    const hops = await when('hops', async () =>
      measureHops({ cases: await heapCases(quick ? [1, 16] : [1, 4, 16, 64, 256]), tell }),
    );
    const redis = await when('redis', async () =>
      measureHops({ cases: await redisCases(quick ? [10] : [10, 100, 500]), tell }),
    );
    if (overhead && overhead.failed.length > 0) process.exitCode = 1;
    const conditions = conclude();
    for (const remark of conditions.remarks) console.log(remark);
    const result = { conditions, overhead, transform, hops, redis };
    // A look at single programs is no result to keep.
    if (args.only === undefined && args.programs === undefined) await keep(quick ? '-quick' : '', result);
    if (args.json) console.log(JSON.stringify(result));
  },
});

await runMain(command);
