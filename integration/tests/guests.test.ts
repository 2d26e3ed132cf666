// SPDX-License-Identifier: GPL-3.0-or-later
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toDropbear } from '../src/image/keys.ts';
import { guests } from './pair.ts';

test('each guest runs its own ISA under the same kernel version and CRIU', async () => {
  const { x86, arm } = await guests();
  assert.is(await x86.run('uname -m; hostname'), 'x86_64\nx86-64');
  assert.is(await arm.run('uname -m; hostname'), 'aarch64\naarch64');
  for (const guest of [x86, arm]) {
    assert.match(await guest.run('uname -r'), /^6\.1\./);
    assert.match(await guest.run('criu --version'), /3\.17\.1/);
    assert.match(await guest.run('criu check 2>&1'), /Looks good/);
    assert.match(await guest.run('node --version'), /^v20\./);
  }
});

test('a command gets its input, folder and environment, and gives back output and exit code', async () => {
  const { x86 } = await guests();
  const result = await x86.exec('cat; pwd; echo "$GREETING" >&2; exit 7', {
    stdin: 'some\0bytes\n',
    cwd: '/tmp',
    env: { GREETING: "it's $HOME" },
  });
  assert.equal(result, { code: 7, stdout: 'some\0bytes\n/tmp\n', stderr: "it's $HOME\n" });
});

test('a failing command is told with its output', async () => {
  const { arm } = await guests();
  try {
    await arm.run('echo what happened >&2; exit 3');
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), /aarch64 guest.*ended with 3\nwhat happened/s);
  }
});

test('commands run side by side', async () => {
  const { arm } = await guests();
  const started = performance.now();
  await Promise.all(Array.from({ length: 5 }, () => arm.run('sleep 2')));
  assert.ok(performance.now() - started < 8000);
});

test('many commands that end at once all tell how', async () => {
  const { of } = await guests();
  const codes = Array.from({ length: 12 }, (_, index) => index);
  for (const guest of Object.values(of)) {
    const results = await Promise.all(codes.map((code) => guest.exec(`exit ${code}`)));
    assert.equal(
      results.map(({ code, stderr }) => [code, stderr]),
      codes.map((code) => [code, '']),
    );
  }
});

test('many commands that end at once all tell how', async () => {
  const { of } = await guests();
  const codes = Array.from({ length: 12 }, (_, index) => index);
  for (const guest of Object.values(of)) {
    const results = await Promise.all(
      codes.map((code) => guest.exec(`echo out; echo err >&2; exit ${code}`)),
    );
    assert.equal(
      results,
      codes.map((code) => ({ code, stdout: 'out\n', stderr: 'err\n' })),
    );
  }
});

test('folders and files go in and come back the same', async () => {
  const { x86 } = await guests();
  const folder = await mkdtemp(join(tmpdir(), 'guest-'));
  try {
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 251));
    await writeFile(join(folder, 'bytes'), content, { mode: 0o755 });
    await x86.put(folder, '/tmp/put');
    assert.is(await x86.run('stat -c %a /tmp/put/bytes'), '755');
    await x86.get('/tmp/put', join(folder, 'back'));
    assert.ok(content.equals(await readFile(join(folder, 'back/bytes'))));
    await x86.write('/tmp/new/file', 'text\n');
    assert.is((await x86.read('/tmp/new/file')).toString(), 'text\n');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('each guest reaches the other by name, with ssh, in both directions and with a stream', async () => {
  const { x86, arm } = await guests();
  assert.is(
    await x86.run('head -c 3000000 /dev/zero | ssh aarch64 "cat | wc -c; hostname"'),
    '3000000\naarch64',
  );
  assert.is(await arm.run('echo hello | ssh x86-64 "cat; hostname; exit 4"; echo $?'), 'hello\nx86-64\n4');
});

test('rsh does the same without encryption: both output streams, exit codes, large streams both ways at once', async () => {
  const { x86, arm } = await guests();
  const result = await x86.exec('echo in | rsh aarch64 "cat; echo err >&2; hostname; exit 5"');
  assert.equal(result, { code: 5, stdout: 'in\naarch64\n', stderr: 'err\n' });
  assert.is(await arm.run('head -c 9000000 /dev/zero | rsh x86-64 cat | wc -c'), '9000000');
});

test('rsh ends with the command, whoever holds its output, and tells how it ended', async () => {
  const { x86 } = await guests();
  const killed = await x86.exec('rsh aarch64 "sleep 60 & echo hi; kill -9 \\$\\$"', { timeoutMs: 30_000 });
  assert.equal([killed.code, killed.stdout], [137, 'hi\n']);
  const early = await x86.exec('yes | head -c 9000000 | rsh aarch64 "head -c 2"', { timeoutMs: 30_000 });
  assert.equal([early.code, early.stdout], [0, 'y\n']);
  assert.is((await x86.exec('rsh nowhere true')).code, 255);
});

test('the tools that move processes are installed, for ssh and rsh, too', async () => {
  const { of, x86 } = await guests();
  assert.match(await x86.run('rsh aarch64 hc-restore --help'), /hc-restore/);
  assert.match(await x86.run('ssh aarch64 hc-restore --help'), /hc-restore/);
  for (const tool of ['hc-notify', 'hc-dump', 'hc-xform', 'hc-restore']) {
    for (const guest of Object.values(of)) assert.match(await guest.run(`${tool} --help`), new RegExp(tool));
  }
});

/** A shell script, as a program that needs no migration: plain CRIU must manage it in each guest. */
const hop = `
  rm -rf /tmp/images; mkdir -p /tmp/images /work/counter; cd /work/counter
  # Renamed into place: a dump may fall between the truncation and the write of a file.
  echo 'i=0; while :; do i=$((i+1)); echo $i > next; mv next count; usleep 20000; done' > loop.sh
  setsid sh loop.sh </dev/null >/dev/null 2>&1 &
  pid=$!
  sleep 1
  criu dump -t $pid -D /tmp/images || exit 1
  wait $pid 2>/dev/null
  before=$(cat count)
  criu restore -d -D /tmp/images || exit 1
  sleep 1
  after=$(cat count)
  kill -9 $pid
  echo "$before $after"
`;

test('plain CRIU dumps and restores a process in each guest, and process 1 reaps it', async () => {
  const { of } = await guests();
  for (const guest of Object.values(of)) {
    const [before = 0, after = 0] = (await guest.run(hop)).split(' ').map(Number);
    assert.ok(before > 5 && after > before, `${guest.isa}: ${before} ${after}`);
    const zombies = 'grep -l "State:.Z" /proc/[0-9]*/status 2>/dev/null';
    await guest.run(`while ${zombies}; do usleep 100000; done`, { timeoutMs: 20_000 });
  }
});

test('modules of socket dumps and of the network lock load when asked for', async () => {
  const { of } = await guests();
  for (const guest of Object.values(of)) {
    await guest.run('nft add table inet probe && nft delete table inet probe');
    assert.match(await guest.run('cat /proc/modules'), /^nf_tables /m);
  }
});

test("the guests' clocks go with this machine's, to a fraction of a second", async () => {
  const { of } = await guests();
  for (const guest of Object.values(of)) {
    const before = Date.now();
    const there = Number(await guest.run("node -p 'Date.now()'"));
    assert.ok(there > before - 500 && there < Date.now() + 500, `${guest.isa}: ${there - before} ms off`);
  }
});

test('process ids of one guest are free in the other', async () => {
  const { x86, arm } = await guests();
  const [first, second] = await Promise.all([x86, arm].map((guest) => guest.run('echo $$')));
  assert.ok(Number(first) > 100_000 && Number(first) < 200_000, first);
  assert.ok(Number(second) > 200_000, second);
});

/** A process that ended may stay a zombie for a while, when it has become the child of a slow process 1. */
async function anyRuns(pids: number[]): Promise<boolean> {
  const states = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')),
  );
  return states.some((state) => !/\) [ZX]/.test(state));
}

test('guests end when the process that started them is killed', async () => {
  const child = execa('node', ['--import', 'tsx', fileURLToPath(new URL('owner.ts', import.meta.url))], {
    reject: false,
    stderr: 'inherit',
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const pids = JSON.parse(String(line)) as number[];
  assert.is(pids.length, 2);
  child.kill('SIGKILL');
  await child;
  const deadline = Date.now() + 20_000;
  while ((await anyRuns(pids)) && Date.now() < deadline) await sleep(100);
  assert.not(await anyRuns(pids));
});

test('an OpenSSH key becomes a dropbear key: type, then seed and public key', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'key-'));
  try {
    const path = join(folder, 'key');
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
    const dropbear = toDropbear(await readFile(path, 'utf8'));
    const publicKey = Buffer.from((await readFile(`${path}.pub`, 'utf8')).split(' ')[1] ?? '', 'base64');
    assert.is(dropbear.length, 4 + 11 + 4 + 64);
    assert.ok(dropbear.subarray(0, 15).equals(publicKey.subarray(0, 15)));
    assert.ok(dropbear.subarray(-32).equals(publicKey.subarray(-32)));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.run();
