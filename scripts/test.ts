// SPDX-License-Identifier: GPL-3.0-or-later
// All tests: formatter and linter, types, then the tests of every package, the integration tests last and alone, for they
// depend on time. `npm test -- libs/bundle integration` runs the packages named. The last line counts all.
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import glob from 'fast-glob';

interface Part {
  name: string;
  command: string[];
  folder: string;
}

interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
}

const top = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string): string => join(top, 'node_modules', name);

const checks: Part[] = [
  {
    name: 'lint',
    command: ['node', bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'],
    folder: top,
  },
  { name: 'types', command: ['node', bin('typescript/bin/tsc'), '-p', 'tsconfig.json'], folder: top },
];

async function testParts(): Promise<Part[]> {
  const files = await glob('{libs/*,tools/*,native/*,integration}/tests/*.test.ts', { cwd: top });
  const folders = [...new Set(files.map((file) => file.replace(/\/tests\/.*/, '')))].sort();
  const command = ['node', '--import', 'tsx', bin('uvu/bin.js'), '--no-color', 'tests', '\\.test\\.ts$'];
  return folders.map((name) => ({ name, command, folder: join(top, name) }));
}

/** Reads uvu's summary. A part without one, or that fails with all its tests passed, is itself a failed test. */
function outcomeOf(output: string, exitCode: number | undefined): Outcome {
  const count = (label: string): number =>
    Number(new RegExp(`^ *${label}: +(\\d+)`, 'm').exec(output)?.[1] ?? 0);
  const [total, passed, skipped] = [count('Total'), count('Passed'), count('Skipped')];
  if (total === 0)
    return exitCode === 0 ? { passed: 1, failed: 0, skipped } : { passed: 0, failed: 1, skipped };
  const failed = total - passed;
  return { passed, failed: exitCode === 0 ? failed : Math.max(failed, 1), skipped };
}

async function runPart(part: Part): Promise<Outcome> {
  const started = performance.now();
  const [program = '', ...args] = part.command;
  const result = await execa(program, args, {
    cwd: part.folder,
    all: true,
    reject: false,
    stdin: 'ignore',
    maxBuffer: 1 << 28,
    env: { FORCE_COLOR: '0' },
  });
  const outcome = outcomeOf(result.all, result.exitCode);
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(7);
  const { passed, failed, skipped } = outcome;
  const remark = skipped > 0 ? `, ${skipped} skipped` : '';
  if (failed > 0) console.log(`${result.all}\n${result.signal ? `ended by ${result.signal}\n` : ''}`);
  console.log(`${seconds} s  ${part.name.padEnd(28)} ${passed} passed, ${failed} failed${remark}`);
  return outcome;
}

/** Runs parts side by side, as many as the machine has processors. */
async function runSideBySide(parts: Part[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = [...parts];
  const worker = async (): Promise<void> => {
    for (let part = waiting.shift(); part; part = waiting.shift()) outcomes.push(await runPart(part));
  };
  await Promise.all(cpus().map(worker));
  return outcomes;
}

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const all = [...checks, ...(await testParts())];
for (const name of wanted) {
  if (!all.some((part) => part.name === name)) {
    console.error(`There are no tests ${name}. There are: ${all.map((part) => part.name).join(', ')}`);
    process.exit(2);
  }
}
const parts = all.filter((part) => wanted.length === 0 || wanted.includes(part.name));
const isAlone = (part: Part): boolean => part.name === 'integration';
const outcomes = await runSideBySide(parts.filter((part) => !isAlone(part)));
for (const part of parts.filter(isAlone)) outcomes.push(await runPart(part));

const sum = (key: keyof Outcome): number => outcomes.reduce((total, outcome) => total + outcome[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
