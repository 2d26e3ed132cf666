// SPDX-License-Identifier: GPL-3.0-or-later
// node --import tsx tools/hc-xform/tests/measure.ts [--mib 2048] [--json]
// The built tool on a stream with that much heap: CPU time of its own work, peak memory, speed. Nothing is written to disk.
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decodePagemap, encodePagemap, PE_PRESENT } from '@h-containers/criu-images';
import { openOutput } from '@h-containers/image-stream';
import { makeDump, PAGE } from '@h-containers/transform/testing';
import { makeWorld, removeWorld } from './world.ts';

const TOOL = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const MIB = 1024 * 1024;
/** Where the fixture's heap goes on. */
const HEAP = 0x2010000000n;

export interface Measured {
  mib: number;
  seconds: number;
  gbPerS: number;
  peakRssMb: number;
  /** All CPU time of the process, start-up and moving of bytes included. */
  totalCpuMs: number;
  /** Own work: decode, look up, walk, rebuild, encode. */
  cpuMs: number;
}

interface Message {
  message: string;
  ms?: Record<string, number>;
}

/** The fixture's images with a heap of `mib` more, and its pages in three parts: before, heap, behind. */
function enlarge(files: Map<string, Buffer>, mib: number) {
  const name = 'pagemap-100.img';
  const map = decodePagemap(name, files.get(name) ?? Buffer.alloc(0));
  const index = map.ranges.findIndex(({ start }) => start > HEAP);
  const at = map.ranges[index]?.offset ?? map.size;
  const heap = { start: HEAP, pages: (mib * MIB) / PAGE, flags: PE_PRESENT, offset: undefined };
  const ranges = [...map.ranges.slice(0, index), heap, ...map.ranges.slice(index)];
  const pages = files.get('pages-1.img') ?? Buffer.alloc(0);
  const small = [...files].filter(([member]) => !member.startsWith('pages-'));
  const members = new Map([...small, [name, encodePagemap({ ...map, ranges })] as const]);
  return {
    members,
    before: pages.subarray(0, at),
    behind: pages.subarray(at),
    others: files.get('pages-2.img'),
  };
}

export async function measure(mib: number): Promise<Measured> {
  const world = makeWorld('x86-64', { parked: true });
  const { members, before, behind, others } = enlarge(makeDump(world.spec), mib);
  const child = spawn(
    process.execPath,
    [TOOL, '--to', 'aarch64', '--json', '--bundles', `${world.dir}/bundles`],
    {
      stdio: ['pipe', openSync('/dev/null', 'w'), 'pipe'],
    },
  );
  const finished = watch(child);
  const start = performance.now();
  const sink = await openOutput({ stdout: child.stdin as NonNullable<typeof child.stdin> });
  for (const [name, bytes] of members) await sink.add(name, bytes);
  const chunk = Buffer.alloc(MIB, 'heap');
  const heap = async function* () {
    yield before;
    for (let i = 0; i < mib; i++) yield chunk;
    yield behind;
  };
  await sink.addStream('pages-1.img', before.length + mib * MIB + behind.length, heap());
  if (others) await sink.add('pages-2.img', others);
  await sink.finish();
  child.stdin?.end();
  const { text, peakKb, ticks } = await finished;
  const seconds = (performance.now() - start) / 1000;
  removeWorld(world);
  const ms = text.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Message] : []));
  const own = ms.at(-1)?.ms;
  if (!own) throw new Error(text);
  return {
    mib,
    seconds: round(seconds),
    gbPerS: round((mib * MIB) / 1e9 / seconds),
    peakRssMb: round(peakKb / 1024),
    totalCpuMs: ticks * 10,
    cpuMs: round(own.cpu ?? Number.NaN),
  };
}

/** Peak memory and CPU time, looked up while the process lives. */
function watch(child: ChildProcess): Promise<{ text: string; peakKb: number; ticks: number }> {
  let text = '';
  let peakKb = 0;
  let ticks = 0;
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peakKb = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? peakKb);
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      ticks = Number(fields[11]) + Number(fields[12]);
    } catch {
      // It has just ended.
    }
  }, 10);
  child.stderr?.setEncoding('utf8').on('data', (data: string) => {
    text += data;
  });
  return new Promise((resolve) =>
    child.on('close', () => {
      clearInterval(timer);
      resolve({ text, peakKb, ticks });
    }),
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { mib: { type: 'string', default: '2048' }, json: { type: 'boolean' } },
  });
  const result = await measure(Number(values.mib));
  console.log(values.json ? JSON.stringify(result) : result);
}
