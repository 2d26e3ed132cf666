// SPDX-License-Identifier: GPL-3.0-or-later
// Debian's busybox as it is, lifted: its applets write what the original's write, here and in the aarch64 guest, and move while
// they work. HC_BUSYBOX=amd64,arm64 takes the other package, too.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Architecture } from '@h-containers/debian-packages';
import { type Isa, isas } from '@h-containers/native-toolchain';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Program } from '../src/build.ts';
import {
  appletsCommand,
  busyboxExecutable,
  busyboxInput,
  liftBusybox,
  sectionNames,
  sections,
} from '../src/busybox.ts';
import { freePort } from '../src/local-server.ts';
import {
  bundles,
  collect,
  differences,
  installBundle,
  Job,
  type JobPlan,
  jobs,
  runHere,
} from '../src/scenario.ts';
import { guests } from './pair.ts';

interface Written {
  sections: Map<string, string>;
  stderr: string;
}

/** Output as latin1: some of it is binary. */
const written = (stdout: string, stderr: string): Written => ({ sections: sections(stdout), stderr });

async function here(app: string): Promise<Written> {
  const folder = await mkdtemp(join(tmpdir(), 'hc-busybox-'));
  try {
    const command = appletsCommand(app, await busyboxInput(), folder, await freePort());
    const { stdout, stderr } = await execa('sh', ['-c', command], { reject: false, encoding: 'latin1' });
    return written(stdout, stderr);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inGuest(program: Program): Promise<Written> {
  const pair = await guests();
  await installBundle(pair, program);
  const folder = `${jobs}/${program.name}-applets`;
  await pair.arm.run(`rm -rf ${folder}; mkdir -p ${folder}`);
  await pair.arm.put(await busyboxInput(), `${folder}/in`);
  const app = `${bundles}/${program.name}/aarch64/app`;
  const command = appletsCommand(app, `${folder}/in`, folder, 8080);
  const options = { encoding: 'latin1', stdin: 'ignore' } as const;
  const { stdout, stderr } = await pair.arm.spawn(`${command}; rm -rf ${folder}`, options);
  return written(stdout, stderr);
}

const runs: Record<Isa, (program: Program) => Promise<Written>> = {
  'x86-64': (program) => here(join(program.bundle, 'x86-64/app')),
  aarch64: inGuest,
};

/** Runs once, when it is first asked for. */
function lazily<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}
const original = lazily(async () => here(await busyboxExecutable('amd64')));

async function moveInTheMiddle(program: Program): Promise<void> {
  const plan: JobPlan = {
    ...{ name: program.name, program, args: ['sh', '../in/long.sh'] },
    // Under another name it would not know that it is busybox.
    launcher: ['sh', '-c', 'ln -s "$0" busybox && exec ./busybox "$@"'],
    input: await busyboxInput(),
    outputs: ['out'],
  };
  const outputs = await runHere(plan);
  const job = new Job(await guests(), plan);
  try {
    await job.start();
    while (await job.waitForLines('^ready', job.hops.length + 1)) {
      await job.hop();
      const done = (await job.read('err')).toString().match(/^done/gm) ?? [];
      assert.is(done.length, job.hops.length - 1, 'the applet was still at work');
    }
    await job.ended();
    assert.equal(differences(outputs, await collect(plan, (file) => job.read(file))), []);
    assert.is(job.hops.length, 4);
  } finally {
    await job.remove();
  }
}

// Compiling one takes minutes.
for (const architecture of (process.env.HC_BUSYBOX ?? 'amd64').split(',') as Architecture[]) {
  const test = suite(`busybox, ${architecture}`);
  const lifted = lazily(() => liftBusybox(architecture));

  for (const isa of isas) {
    const run = lazily(async () => runs[isa](await lifted()));
    for (const name of await sectionNames()) {
      test(`${name}, on ${isa}`, async () => {
        const { sections: found } = await run();
        const { sections: wanted } = await original();
        assert.ok(wanted.get(name), 'the original writes something');
        assert.is(found.get(name), wanted.get(name));
      });
    }

    test(`nothing was reached that hc-lift had not found, on ${isa}`, async () => {
      const { stderr } = await run();
      assert.not.match(stderr, /^hc: /m);
      assert.is(stderr, (await original()).stderr);
    });
  }

  test('applets that work for long are moved in the middle', async () => moveInTheMiddle(await lifted()));

  test.run();
}
