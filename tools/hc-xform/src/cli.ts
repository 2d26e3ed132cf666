// SPDX-License-Identifier: GPL-3.0-or-later
import { hasReader, openImages, openOutput, writeReady } from '@h-containers/image-stream';
import { defineTool } from '@h-containers/tool-kit';
import { readOptions } from './arguments.ts';
import { check } from './check.ts';
import { rehearse } from './rehearsal.ts';
import { showJson, showText } from './show.ts';
import { describeImages } from './summary.ts';
import { xform } from './xform.ts';

const tool = defineTool({
  name: 'hc-xform',
  summary: 'rewrite the images of a parked process tree for the other ISA',
  synopsis: [
    'hc-dump | hc-xform --to ISA [--bundles DIR]... | hc-restore',
    'hc-xform --to ISA --in DIR --out DIR [--bundles DIR]...',
    'hc-xform --check|--show [--json] [--in DIR] [--bundles DIR]...',
  ],
  description: [
    'Reads an image stream (or, with --in, a directory written by hc-dump or by plain criu dump) and writes one that CRIU restores ' +
      'on the other ISA: registers, native stacks, file flags and mappings are translated, everything else is passed on as it is.',
    'The processes must be parked (see hc-notify) and started from bundles of hc-compile. Images that are for the target already ' +
      'pass through unchanged.',
    'Bundles are looked for by build-id below the --bundles directories, else those in HC_BUNDLES (separated by colons), else ' +
      '/var/lib/hc/bundles, and around the executable when its path ends in /x86-64/app or /aarch64/app.',
  ],
  args: {
    to: {
      type: 'string',
      valueHint: 'ISA',
      description: 'x86-64 or aarch64; for --check the other one by default',
    },
    in: { type: 'string', valueHint: 'DIR', description: 'read this directory instead of stdin' },
    out: { type: 'string', valueHint: 'DIR', description: 'write this directory instead of stdout' },
    bundles: { type: 'string', valueHint: 'DIR', description: 'where bundles are; may be repeated' },
    check: { type: 'boolean', description: 'only say whether it would move, and if not, why' },
    show: { type: 'boolean', description: 'only show what is in the images; with --json as one JSON object' },
  },
  exitStatus: { 3: "the process can't be moved; the message names the thread, file or mapping" },
  examples: [
    {
      command: 'hc-notify 4242 | hc-dump | hc-xform --to aarch64 | ssh edge2 hc-restore',
      text: 'Move a process:',
    },
    {
      command: 'hc-xform --to aarch64 --in images --out images.aarch64',
      text: 'Rewrite what criu dump wrote:',
    },
    { command: 'hc-xform --show --in images', text: 'Look at where every thread is parked:' },
  ],
  async run({ args, report, timers, cleanup, record }) {
    const options = readOptions(args);
    const sink = options.mode === 'transform' ? await openOutput({ out: args.out, cleanup }) : undefined;
    // While the process still runs: whatever comes after hc/ready is down time.
    const { to } = options;
    if (to && sink && args.in === undefined) await timers.time('rehearsal', () => rehearse(to));
    if (sink && args.out === undefined && hasReader(process.stdout.fd)) await writeReady(sink);
    const source = await timers.time('read', () => openImages({ in: args.in, cleanup }));
    try {
      if (sink) {
        await xform(source, sink, options, { report, timers, record });
      } else if (options.mode === 'show') {
        const summary = await describeImages(source, options);
        process.stdout.write(args.json ? showJson(summary) : showText(summary));
      } else {
        await check(source, options, report);
      }
    } finally {
      await source.close();
    }
  },
});

tool.main();
