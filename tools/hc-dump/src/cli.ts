// SPDX-License-Identifier: GPL-3.0-or-later
import { tmpdir } from 'node:os';
import { criuVersion } from '@h-containers/criu';
import { hasReader, openOutput, writeReady } from '@h-containers/image-stream';
import { type Cleanup, defineTool, parseInteger, repeated, usageError } from '@h-containers/tool-kit';
import { dump, type Preparations } from './dump.ts';
import { HandOver } from './hand-over.ts';
import { makeWorkDirectory } from './images.ts';
import { byPid, readNotification } from './input.ts';
import { Network } from './network.ts';

const tool = defineTool({
  name: 'hc-dump',
  summary: 'dump parked processes with CRIU as an image stream',
  synopsis: ['hc-notify PID | hc-dump [OPTIONS] | hc-xform ...', 'hc-dump --pid PID [OPTIONS] > FILE'],
  description: [
    'Dumps the process tree that hc-notify has parked with the unmodified CRIU and writes its images to standard output.',
    'The source stays stopped until somebody has taken over: at the end of a pipe hc-restore confirms that the process runs ' +
      'there; a file or directory has taken over when it is complete. Then the source is killed. When the pipe breaks before ' +
      'that, on any error and on Ctrl-C it runs on.',
  ],
  args: {
    pid: {
      type: 'string',
      valueHint: 'PID',
      description: 'dump this process, which is parked already, instead of reading stdin',
    },
    criu: { type: 'string', default: 'criu', valueHint: 'PATH', description: 'the CRIU to run' },
    'work-dir': {
      type: 'string',
      default: tmpdir(),
      valueHint: 'DIR',
      description: 'where CRIU writes; tmpfs is fastest',
    },
    out: { type: 'string', valueHint: 'DIR', description: 'write a directory instead of a stream' },
    files: {
      type: 'string',
      valueHint: 'DIR',
      description:
        'open files below DIR that the process writes to travel along, for hc-restore --files; may be repeated',
    },
    address: {
      type: 'string',
      valueHint: 'ADDR',
      description:
        "the service's IPv4 address, which moves along, for hc-restore --address; may be repeated. Taken off its interface " +
        'after the dump, and put back if the process runs on here',
    },
    'leave-running': { type: 'boolean', description: 'make a copy: the source runs on in any case' },
  },
  exitStatus: { 3: "the process can't be moved; it runs on" },
  examples: [
    {
      command: 'hc-notify 4242 | hc-dump | hc-xform --to aarch64 | ssh edge2 hc-restore',
      text: 'Move a process:',
    },
    {
      command: 'hc-notify 4242 | hc-dump --leave-running --out /backup/4242',
      text: 'Keep a copy of its present state:',
    },
    {
      command:
        'hc-notify 4242 | hc-dump --address 192.0.2.7 | hc-xform --to aarch64 | ssh edge2 hc-restore --address 192.0.2.7=eth0',
      text: 'Move a server, its address and the open connections of its clients:',
    },
  ],
  async run({ args, ...context }) {
    const root =
      args.pid === undefined ? undefined : parseInteger('--pid', args.pid, { min: 2, max: 4194304 });
    const sink = await openOutput({ out: args.out, cleanup: context.cleanup });
    const addresses = repeated('address');
    if (args['leave-running'] && addresses.length > 0)
      throw usageError('--address moves an address, --leave-running leaves the process here', 'choose one');
    const confirmation = args.out === undefined && hasReader(process.stdout.fd);
    if (confirmation) await writeReady(sink);
    // What can be done before hc-notify stops the process is no down time.
    const version = await criuVersion(args.criu);
    const prepared = await prepare(args['work-dir'], addresses, context.cleanup);
    const input = await context.timers.time('wait', () =>
      root === undefined ? readNotification(context.cleanup) : byPid(root),
    );
    const options = {
      criu: args.criu,
      criuVersion: version,
      files: repeated('files'),
      confirmation,
      leaveRunning: args['leave-running'] ?? false,
    };
    await dump(input.source, input.members, sink, prepared, options, context);
    await input.finish();
  },
});

async function prepare(
  workDir: string,
  addresses: readonly string[],
  cleanup: Cleanup,
): Promise<Preparations> {
  const directory = await makeWorkDirectory(workDir, cleanup);
  const handOver = await HandOver.prepare(directory);
  const network = await Network.prepare(addresses, cleanup);
  return { directory, handOver, network };
}

tool.main();
