#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
import { POINTS } from '@h-containers/bundle';
import { defineTool, refuseTerminalInput, refuseTerminalOutput } from '@h-containers/tool-kit';
import { compileProgram, readInput } from './compile-program.ts';
import { showCommands } from './run.ts';
import { runtimes } from './runtime-files.ts';
import { writeDirectory, writeTar } from './write-bundle.ts';

const tool = defineTool({
  name: 'hc-compile',
  summary: 'make a bundle that runs and moves on x86-64 and aarch64',
  synopsis: ['hc-compile [OPTIONS] < PROGRAM > BUNDLE.tar', 'hc-compile [OPTIONS] --in PROGRAM --out DIR'],
  description: [
    'Reads a program that hc-cc linked, or LLVM bitcode from hc-cc -c, which it links with the C library first. Writes a bundle: ' +
      'one executable per ISA with equal addresses, and the table that finds the place where a thread stands in one of them in the other.',
    'C is compiled by hc-cc, a drop-in C compiler: make CC=hc-cc.',
  ],
  args: {
    in: { type: 'string', valueHint: 'FILE', description: 'program to read, instead of standard input' },
    out: {
      type: 'string',
      valueHint: 'DIR',
      description: 'directory to write, instead of a tar stream on standard output',
    },
    points: {
      type: 'enum',
      options: [...POINTS],
      default: 'loops',
      description:
        'where a thread can be asked to park: in all loops and recursive functions, in outermost loops and recursive ' +
        'functions, or in blocking system calls only, which always park',
    },
    runtime: {
      type: 'enum',
      options: [...runtimes],
      default: 'normal',
      description: 'scribble: a debug runtime that overwrites all machine state at each point',
    },
    verbose: { type: 'boolean', alias: 'v', description: 'show each command before it runs' },
  },
  examples: [
    { text: 'From C to a bundle:', command: 'make CC=hc-cc && hc-compile < server > server.hc.tar' },
    { text: 'In a Makefile:', command: 'hc-compile --in server --out server.hc' },
  ],
  async run({ args, report, timers }) {
    if (args.in === undefined) refuseTerminalInput(process.stdin);
    if (args.out === undefined) refuseTerminalOutput(process.stdout);
    if (args.verbose) showCommands();
    const members = await compileProgram({
      program: await readInput(args.in),
      from: args.in ?? 'standard input',
      points: args.points,
      runtime: args.runtime,
      measure: (phase, step) => timers.time(phase, step),
    });
    if (args.out === undefined) await writeTar(members, process.stdout);
    else await writeDirectory(members, args.out);
    report.info('bundle made', { ms: timers.ms() });
  },
});

tool.main();
