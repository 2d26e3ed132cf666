// SPDX-License-Identifier: GPL-3.0-or-later
//
// Code runs slowly the first time: Node loads and compiles it. So hc-xform transforms a small process of its own before it
// tells hc-notify that it is ready (docs/architecture.md, hc/ready). Measured: 4 ms of CPU for a transform instead
// of 10 to 17, and in a guest under emulation 0.6 s instead of 2.
import { Bundle } from '@h-containers/bundle';
import { type ImageSource, openImages, openOutput } from '@h-containers/image-stream';
import { hostIsa, type Isa, makeRecord, otherIsa, Reporter, Timers } from '@h-containers/tool-kit';
import { CallSites, SAMPLE_ID, SAMPLE_SIZE, sampleDump, sampleSites } from '@h-containers/transform';
import { xform } from './xform.ts';

/** Often enough for Node to keep what it has compiled. */
const ROUNDS = 2;

export async function rehearse(to: Isa): Promise<void> {
  const sites = sampleSites();
  const manifest = {
    format: 1 as const,
    bundleId: SAMPLE_ID,
    isas: [otherIsa(to), to],
    origin: 'sample',
    points: 'loops' as const,
    fileSize: SAMPLE_SIZE,
    entry: '0x0',
    versions: {},
  };
  for (let round = 0; round < ROUNDS; round++) {
    const program = { bundle: new Bundle('sample', manifest), sites: CallSites.open(sites, 'sample') };
    const timers = new Timers();
    const record = () => makeRecord({ tool: 'hc-xform', version: '', isa: hostIsa(), timers });
    const report = new Reporter({ tool: 'hc-xform', json: false, quiet: true });
    const programs = { find: async () => program };
    const source = await streamOf(sampleDump(otherIsa(to)));
    await xform(
      source,
      await nowhere(),
      { mode: 'transform', to, bundles: [] },
      { report, timers, record, programs },
    );
  }
}

/** The members as they would come through a pipe. */
async function streamOf(members: ReadonlyMap<string, Buffer>): Promise<ImageSource> {
  const chunks: Buffer[] = [];
  const sink = await openOutput({ stdout: collect(chunks) });
  for (const [name, bytes] of members) await sink.add(name, bytes);
  await sink.finish();
  const stdin = async function* () {
    yield* chunks;
  };
  return openImages({ stdin: stdin() });
}

function nowhere() {
  return openOutput({ stdout: collect([]) });
}

function collect(chunks: Buffer[]) {
  return {
    write(chunk: Uint8Array, callback: (error?: Error | null) => void) {
      // The sink may use its buffer again.
      chunks.push(Buffer.from(chunk));
      queueMicrotask(callback);
      return true;
    },
    on: () => {},
  };
}
