// SPDX-License-Identifier: GPL-3.0-or-later
import { hasReader } from '@h-containers/image-stream';
import { defineTool, refuseTerminalOutput } from '@h-containers/tool-kit';
import { parseDuration, parsePids } from './arguments.ts';
import { notify, resume } from './notify.ts';

const tool = defineTool({
  name: 'hc-notify',
  summary: 'have every thread of a process tree park',
  synopsis: ['hc-notify [OPTIONS] PID... | hc-dump', 'hc-notify --resume PID...'],
  description: [
    'Asks each process, with all its descendants and threads, to stop at its next migration point, where it can be dumped and ' +
      'moved to the other ISA. Writes an image stream with one member, hc/hc-notify.json, that tells hc-dump what to dump.',
    'If a thread does not park in time, on any error and on Ctrl-C all of them run on. When standard output is a pipe, ' +
      'hc-notify stays until its reader has taken the processes over; should the reader end without doing so, they run on as well.',
  ],
  args: {
    pid: { type: 'positional', required: false, valueHint: 'PID', description: 'processes to park' },
    timeout: {
      type: 'string',
      default: '10s',
      valueHint: 'TIME',
      description: 'how long to wait for all threads to park',
    },
    tree: {
      type: 'boolean',
      default: true,
      description: 'park all descendants, too; --no-tree: only the processes given',
    },
    wait: {
      type: 'boolean',
      default: true,
      description: 'stay until the reader of a pipe has taken over; --no-wait: end as soon as all are parked',
    },
    resume: { type: 'boolean', description: 'have parked (and stopped) processes run on' },
  },
  anyOperands: true,
  exitStatus: { 3: "a process can't be moved, or a thread did not park; all run on" },
  examples: [
    {
      command: 'hc-notify 4242 | hc-dump | hc-xform --to aarch64 | ssh edge2 hc-restore',
      text: 'Move a process:',
    },
    { command: 'hc-notify --resume 4242', text: 'Have a process run on that a killed tool left parked:' },
  ],
  async run({ args, ...context }) {
    const roots = parsePids(args._);
    const timeoutMs = parseDuration('--timeout', args.timeout);
    if (args.resume) return resume(roots, args.tree, context.report);
    refuseTerminalOutput(process.stdout);
    await notify(
      { roots, timeoutMs, tree: args.tree, stay: args.wait && hasReader(process.stdout.fd) },
      context,
    );
  },
});

tool.main();
