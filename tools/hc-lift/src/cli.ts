// SPDX-License-Identifier: GPL-3.0-or-later
import { readFile } from 'node:fs/promises';
import { defineTool, refuseTerminalOutput, repeated, usageError } from '@h-containers/tool-kit';
import { lift, MODES, type Mode } from './lift.ts';
import { parseReport, reportText, summary } from './report.ts';
import { writeBitcode, writeText } from './write.ts';

const tool = defineTool({
  name: 'hc-lift',
  summary: 'turn an executable into bitcode for hc-compile',
  synopsis: [
    'hc-lift [OPTIONS] EXECUTABLE | hc-compile > BUNDLE.tar',
    'hc-lift --report [OPTIONS] EXECUTABLE',
  ],
  description: [
    'Reads a statically linked Linux executable for x86-64 or aarch64, stripped or not, and writes a program of the same ' +
      'behaviour as LLVM bitcode: hc-compile makes a bundle of it that moves like any other. No source code is needed.',
    'MMX is not lifted yet; a program that needs it is ended with a message. ' +
      'So is one that reaches code which was not found: lift it again with --entry.',
  ],
  args: {
    executable: { type: 'positional', required: true, description: 'program to lift' },
    out: { type: 'string', valueHint: 'FILE', description: 'file to write, instead of standard output' },
    entry: {
      type: 'string',
      valueHint: 'ADDRESS',
      description:
        'another address where code begins, as messages of a lifted program name them; can be given many times',
    },
    mode: {
      type: 'string',
      valueHint: 'MODE',
      default: 'registers',
      description:
        'how functions pass registers: `registers`, in values where that is proven right (x86-64 only yet), or `state`, in memory always',
    },
    threads: {
      type: 'boolean',
      description:
        'keep the memory order of x86-64 on aarch64, too, when nothing is seen in the program that makes threads: ' +
        'for processes that share memory',
    },
    report: {
      type: 'boolean',
      description: 'write what was found, and how, instead of bitcode: as text, or with --json as JSON',
    },
  },
  examples: [
    { text: 'From an executable to a bundle:', command: 'hc-lift ./server | hc-compile > server.hc.tar' },
    { text: 'What is in there?', command: 'hc-lift --report ./server' },
  ],
  async run({ args, report, timers, cleanup }) {
    if (args.out === undefined && !args.report) refuseTerminalOutput(process.stdout);
    const lifted = await lift(
      args.executable,
      { entries: entries(), mode: modeOf(args.mode), threads: args.threads === true },
      cleanup,
    );
    const found = parseReport(await readFile(lifted.report, 'utf8'));
    if (args.report) await writeText(args.json ? `${JSON.stringify(found)}\n` : reportText(found), args.out);
    else {
      await writeBitcode(lifted.bitcode, args.out);
      report.info(summary(found), { ms: timers.ms() });
    }
  },
});

function modeOf(text: string): Mode {
  const mode = MODES.find((known) => known === text);
  if (!mode) throw usageError(`--mode takes ${MODES.join(' or ')}, not '${text}'`);
  return mode;
}

function entries(): string[] {
  const addresses = repeated('entry');
  for (const address of addresses) {
    if (!/^(0x[0-9a-f]+|\d+)$/i.test(address)) {
      throw usageError(`--entry takes an address like 0x401000, not '${address}'`);
    }
  }
  return addresses;
}

tool.main();
