// SPDX-License-Identifier: GPL-3.0-or-later
import { tmpdir } from 'node:os';
import { defineTool, repeated } from '@h-containers/tool-kit';
import { parseAllowed } from './network.ts';
import { restore } from './restore.ts';

const tool = defineTool({
  name: 'hc-restore',
  summary: 'restore an image stream with CRIU and let the processes run',
  synopsis: ['... | hc-restore [OPTIONS]', 'hc-restore --in DIR [OPTIONS]'],
  description: [
    "Reads an image stream for this machine's ISA, checks that everything the processes need is here, has the unmodified CRIU " +
      'restore them under their old pids, and lets them run. Then it confirms, so that hc-dump ends the source, and tells the ' +
      'history of the move and its down time.',
    'If anything fails before the processes run, nothing is left behind here and the source runs on.',
  ],
  args: {
    in: { type: 'string', valueHint: 'DIR', description: 'read a directory instead of a stream' },
    criu: { type: 'string', default: 'criu', valueHint: 'PATH', description: 'the CRIU to run' },
    'work-dir': {
      type: 'string',
      default: tmpdir(),
      valueHint: 'DIR',
      description: 'where the images are kept meanwhile; tmpfs is fastest',
    },
    files: {
      type: 'string',
      valueHint: 'DIR',
      description: 'files that hc-dump --files sent may be written below DIR; may be repeated',
    },
    address: {
      type: 'string',
      valueHint: 'ADDR=DEV',
      description: 'an address that hc-dump --address sent may be put on this interface; may be repeated',
    },
    pidfile: { type: 'string', valueHint: 'FILE', description: 'write the pid of the first process there' },
  },
  exitStatus: { 3: "the processes can't run on this machine" },
  examples: [
    {
      command: 'hc-notify 4242 | hc-dump | hc-xform --to aarch64 | ssh edge2 hc-restore',
      text: 'Move a process:',
    },
    { command: 'hc-restore --in /backup/4242', text: 'Go back to a state that was kept:' },
  ],
  async run({ args, ...context }) {
    const { in: input, criu, pidfile, 'work-dir': workDir } = args;
    const addresses = parseAllowed(repeated('address'));
    await restore({ in: input, criu, workDir, pidfile, files: repeated('files'), addresses }, context);
  },
});

tool.main();
