// SPDX-License-Identifier: GPL-3.0-or-later
import { abi, Bundle, encodeSites } from '@h-containers/bundle';
import { makeManifest } from '@h-containers/bundle/testing';
import { decodeImageAs, decodePagemap, encodeImage, onlyMessage } from '@h-containers/criu-images';
import { HcError, ISAS, type Isa, machineOfIsa, otherIsa } from '@h-containers/tool-kit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CallSites,
  collectExtents,
  type Dump,
  decodeExtents,
  type Extents,
  editPages,
  type Input,
  loadDump,
  type Members,
  memoryOf,
  type Output,
  pagesReader,
  readParked,
  transform,
} from '../src/index.ts';
import { type DumpSpec, makeDump, PAGE, RESUME } from './make-dump.ts';
import { makeCalls, makeTables, modelStack } from './make-program.ts';
import { makeRandom } from './random.ts';

const BUNDLE_ID = '5a'.repeat(20);
const IDS = 40;
const tables = makeTables(IDS, makeRandom(11));

function specFor(isa: Isa, seed = 1): DumpSpec {
  const random = makeRandom(seed);
  const calls = () => makeCalls(random.between(1, 200), IDS, random);
  return {
    isa,
    bundleId: BUNDLE_ID,
    fileSize: 4096,
    tables,
    executable: `/opt/sort/${isa}/app`,
    tasks: [
      {
        pid: 100,
        ppid: 0,
        threads: [
          { tid: 100, calls: calls() },
          { tid: 103, calls: calls() },
          { tid: 104, calls: calls() },
        ],
      },
      { pid: 101, ppid: 100, threads: [{ tid: 101, calls: calls() }] },
    ],
    seed,
  };
}

function members(files: Map<string, Buffer>): Members {
  return {
    has: (name) => files.has(name),
    async read(name) {
      const bytes = files.get(name);
      if (!bytes) throw new HcError(`there is no ${name}`);
      return bytes;
    },
  };
}

async function extentsOf(dump: Dump, files: Map<string, Buffer>): Promise<Input[]> {
  const bundle = new Bundle('/bundles/sort', makeManifest(BUNDLE_ID));
  const program = { bundle, sites: CallSites.open(encodeSites(tables), 'sites.bin') };
  const inputs: Input[] = [];
  for (const task of dump.tasks) {
    const { pagemap } = memoryOf(task);
    const file = files.get(`pages-${pagemap.pagesId}.img`) ?? Buffer.alloc(0);
    const reader = pagesReader(pagemap, async (at, length) => file.subarray(at, at + length));
    const extents: Extents = await collectExtents(reader, task.who);
    inputs.push({ task, program, extents });
  }
  return inputs;
}

async function run(
  files: Map<string, Buffer>,
  to: Isa,
): Promise<{ files: Map<string, Buffer>; output: Output }> {
  const dump = await loadDump(members(files));
  const output = transform(dump, await extentsOf(dump, files), to);
  const result = new Map([...files, ...output.members]);
  for (const [name, { ops }] of output.pages) {
    async function* whole() {
      yield files.get(name) ?? Buffer.alloc(0);
    }
    const parts: Buffer[] = [];
    for await (const chunk of editPages(whole(), ops, name)) parts.push(chunk);
    result.set(name, Buffer.concat(parts));
  }
  return { files: result, output };
}

async function refusalOf(spec: DumpSpec): Promise<string> {
  const error = await run(makeDump(spec), otherIsa(spec.isa)).then(
    () => undefined,
    (e: unknown) => e,
  );
  assert.instance(error, HcError);
  assert.is((error as HcError).exitCode, 3, (error as HcError).message);
  return (error as HcError).message;
}

function readMemory(files: Map<string, Buffer>, pid: number) {
  const map = decodePagemap(`pagemap-${pid}.img`, files.get(`pagemap-${pid}.img`) ?? Buffer.alloc(0));
  const pages = files.get(`pages-${map.pagesId}.img`) ?? Buffer.alloc(0);
  assert.is(pages.length, map.size);
  const reader = pagesReader(map, async (at, length) => pages.subarray(at, at + length));
  return {
    map,
    read: async (address: bigint, length: number) => Buffer.from(await reader.read(address, length)),
  };
}

test('every thread of every task stands in hc_resume with its stack rebuilt, both ways', async () => {
  for (const from of ISAS) {
    const to = otherIsa(from);
    const spec = specFor(from);
    const { files } = await run(makeDump(spec), to);
    for (const task of spec.tasks) {
      const memory = readMemory(files, task.pid);
      const control = abi.readStruct(
        abi.control,
        await memory.read(abi.HC_CONTROL_ADDRESS, abi.sizeOf(abi.control)),
      );
      assert.is(control.isa, machineOfIsa(to));
      assert.is(control.generation, 7);
      assert.is(control.vdso, 0n);
      let address = control.thread_list;
      for (const { tid, calls } of task.threads) {
        const thread = abi.readStruct(abi.thread, await memory.read(address, abi.sizeOf(abi.thread)));
        const expected = modelStack(tables[to], calls, thread.native_high);
        assert.is(thread.tid, tid);
        assert.is(thread.sp, expected.sp);
        assert.is(thread.pc, expected.pc);
        assert.is(thread.in_syscall, 36);
        const stack = await memory.read(thread.sp, Number(thread.native_high - thread.sp));
        assert.ok(stack.equals(expected.bytes));
        const core = onlyMessage(
          decodeImageAs('core', 'core', files.get(`core-${tid}.img`) ?? Buffer.alloc(0)),
        );
        const start = { pc: RESUME, sp: thread.resume_sp, tp: thread.tp };
        const gpregs = core.thread_info?.gpregs;
        const arm = core.ti_aarch64;
        assert.equal(
          to === 'aarch64'
            ? { pc: arm?.gpregs.pc, sp: arm?.gpregs.sp, tp: arm?.tls }
            : { pc: gpregs?.ip, sp: gpregs?.sp, tp: gpregs?.fs_base },
          start,
        );
        address = thread.next;
      }
    }
  }
});

test('there and back again is the identity on everything the program can see', async () => {
  for (const from of ISAS) {
    const first = makeDump(specFor(from, 5));
    const there = await run(first, otherIsa(from));
    const back = await run(there.files, from);
    // Once more: now both sides lack the vDSO and the kernel's stack, and nothing else may change.
    const again = await run((await run(back.files, otherIsa(from))).files, from);
    for (const [name, bytes] of back.files) {
      if (name.startsWith('pages-') || name.startsWith('hc/')) continue;
      assert.ok(again.files.get(name)?.equals(bytes), name);
    }
    for (const pid of [100, 101]) {
      const [a, b] = [readMemory(first, pid), readMemory(back.files, pid)];
      const generation = abi.HC_CONTROL_ADDRESS;
      for (const { start, pages } of b.map.ranges)
        for (let i = 0; i < pages; i++) {
          const at = start + BigInt(i * PAGE);
          const [before, after] = [await a.read(at, PAGE), await b.read(at, PAGE)];
          if (at === generation) {
            abi.writeStruct(abi.control, before, { generation: 8, vdso: 0n });
          }
          assert.ok(before.equals(after), `page 0x${at.toString(16)}`);
        }
    }
  }
});

test('text, vDSO, vvar, vsyscall and the kernel stack stay behind; everything else is kept', async () => {
  for (const from of ISAS) {
    const before = makeDump(specFor(from));
    const { files, output } = await run(before, otherIsa(from));
    const mm = onlyMessage(decodeImageAs('mm', 'mm', files.get('mm-100.img') ?? Buffer.alloc(0)));
    assert.ok(mm.vmas.every(({ end }) => end <= 1n << 39n));
    assert.ok(mm.vmas.every(({ madv }) => madv === undefined || (madv & 0x10000n) === 0n));
    const { map } = readMemory(files, 100);
    assert.is(
      map.ranges.some(({ start }) => start === 0x400000n || start > 1n << 38n),
      false,
    );
    assert.ok(mm.vmas.some(({ start }) => start === 0x400000n));
    for (const field of [
      'mm_start_stack',
      'mm_arg_start',
      'mm_arg_end',
      'mm_env_start',
      'mm_env_end',
    ] as const)
      assert.ok(mm[field] >= abi.HC_SYSTEM_ARENA && mm[field] < abi.HC_VDSO_SLOT);
    assert.equal(mm.mm_saved_auxv, [6n, 4096n, 3n, 0x400040n, 9n, 0x401000n, 0n, 0n]);
    assert.ok(output.dropped.some((line) => line.startsWith('process 100: vdso 0x')));
    assert.ok(files.get('tun-9.img')?.equals(before.get('tun-9.img') ?? Buffer.alloc(0)));
    assert.is(output.members.has('fdinfo-1.img'), false);
  }
});

test('file flags are translated on every kind of file, and the executable is the other one', async () => {
  const { files } = await run(makeDump(specFor('x86-64')), 'aarch64');
  const list = decodeImageAs('files', 'files', files.get('files.img') ?? Buffer.alloc(0)).messages;
  assert.equal(
    list.map(({ reg, pipe }) => reg?.flags ?? pipe?.flags),
    [0x20000, 0x20001, 0x20000],
  );
  assert.equal(
    list.map(({ reg }) => reg?.name),
    ['/opt/sort/aarch64/app', undefined, '/data/out'],
  );
  assert.is(list[0]?.reg?.build_id.length, 5);
  assert.is(list[0]?.reg?.size, 4096n);
});

test('what can not move is refused with the thread, mapping or file by name', async () => {
  const cases: [expected: RegExp, change: NonNullable<DumpSpec['change']>][] = [
    [
      /^process 101 \(prog\): executable mapping 0x2f00000000-0x2f00001000 belongs to no file$/,
      ({ pid, mm }) => {
        if (pid !== 101) return;
        const [vma] = mm.vmas;
        if (vma)
          mm.vmas.splice(-4, 0, { ...vma, start: 0x2f00000000n, end: 0x2f00001000n, prot: 7, status: 0x201 });
        mm.vmas.sort((a, b) => (a.start < b.start ? -1 : 1));
      },
    ],
    [
      /^process 100 \(prog\): executable mapping 0x400000-0x420000 is \/data\/out, which is not part of the bundle$/,
      ({ mm }) => {
        for (const vma of mm.vmas) if (vma.prot & 4 && vma.status & 0x40) vma.shmid = 3n;
      },
    ],
    [
      /^process 100 \(prog\): .*lies above 2\^47/,
      ({ mm }) => {
        const [vma] = mm.vmas;
        if (vma) mm.vmas.splice(-4, 0, { ...vma, start: 0x8000_0000_0000n, end: 0x8000_0000_1000n, prot: 3 });
        mm.vmas.sort((a, b) => (a.start < b.start ? -1 : 1));
      },
    ],
    [
      /^process 100 \(prog\): its kernel has pages of 65536 bytes$/,
      ({ mm }) => mm.mm_saved_auxv.splice(5, 1, 65536n),
    ],
    [
      /^process 100 \(prog\), thread 103: has a seccomp filter/,
      ({ cores }) => {
        const core = cores.get(103);
        if (core?.thread_core) core.thread_core.seccomp_mode = 2;
      },
    ],
    [
      /^process 100 \(prog\), thread 104: has registered restartable sequences/,
      ({ cores }) => {
        const core = cores.get(104);
        const rseq_entry = { rseq_abi_pointer: 0x1000n, rseq_abi_size: 32, signature: 1 };
        if (core?.thread_core) core.thread_core.rseq_entry = rseq_entry;
      },
    ],
    [/^process 100 \(prog\): no control block at 0x200000$/, ({ memory }) => memory.pages.delete(0x200000n)],
    [/: is not asked to park$/, ({ memory }) => memory.write(0x200008n, Buffer.from([0]))],
    [/, thread 103: is running, not parked$/, ({ memory }) => memory.write(0x100010004cn, Buffer.from([0]))],
    [/, thread 103: is in a signal handler/, ({ memory }) => memory.write(0x1000100098n, Buffer.from([1]))],
    [
      /: thread 103 is not in the program's thread list$/,
      ({ memory }) => memory.write(0x1000100048n, Buffer.from([9])),
    ],
    [
      /: counts 9 threads, 3 of them parked, but lists 3$/,
      ({ pid, memory }) => pid === 100 && memory.write(0x200018n, Buffer.from([9])),
    ],
    [
      /, thread 103: thread pointer 0x2000000100 instead of 0x20000001ff$/,
      ({ memory }) => memory.write(0x1000100088n, Buffer.from([0xff])),
    ],
    [
      /: its thread list does not end$/,
      ({ memory }) => memory.write(0x1000000040n, Buffer.from('4000000010', 'hex')),
    ],
    [
      /: its runtime has ABI version 9, this tool 1$/,
      ({ memory }) => memory.write(0x20000cn, Buffer.from([9])),
    ],
    [
      /, thread 100: it stands at 0x[0-9a-f]+, which is no call site of the bundle$/,
      ({ memory }) => memory.write(0x1000000060n, Buffer.from([1])),
    ],
    [
      /: its control block says aarch64, but the images are from x86-64$/,
      ({ memory }) => memory.write(0x200010n, Buffer.from([183])),
    ],
    [
      /: \/opt\/sort\/x86-64\/app has build-id 01[0-9a-f]+, the bundle 5a/,
      ({ files }) => files[0]?.reg?.build_id.splice(0, 1, 0x5a5a5a01),
    ],
    [
      /: \/opt\/sort\/x86-64\/app has 5000 bytes, the bundle's executables 4096$/,
      ({ files }) => {
        if (files[0]?.reg) files[0].reg.size = 5000n;
      },
    ],
    [
      /^an eventfd was made with EFD_SEMAPHORE, which CRIU does not carry \(files.img, eventfd 9\)$/,
      ({ files }) => {
        const fown = { uid: 0, euid: 0, signum: 35, pid_type: 0, pid: 0 };
        files.push({ type: 8, id: 9, efd: { id: 9, flags: 0, fown, counter: 1n } });
      },
    ],
  ];
  for (const [expected, change] of cases)
    assert.match(await refusalOf({ ...specFor('x86-64'), change }), expected);
});

test('fields of later versions of CRIU are refused in images that are edited, by file and number', async () => {
  // Field 90, a varint.
  const $unknown = [{ number: 90, bytes: Buffer.from('d00501', 'hex') }];
  const change: DumpSpec['change'] = ({ pid, cores }) => {
    const gpregs = cores.get(103)?.thread_info?.gpregs;
    if (pid === 100 && gpregs) gpregs.$unknown = $unknown;
  };
  const message = await refusalOf({ ...specFor('x86-64'), change });
  assert.is(message, 'core-103.img: field 90 of gpregs is not known to this version');
  const inVma: DumpSpec['change'] = ({ mm: { vmas } }) => {
    const [vma] = vmas;
    if (vma) vma.$unknown = $unknown;
  };
  const other = await refusalOf({ ...specFor('aarch64'), change: inVma });
  assert.is(other, 'mm-100.img: field 90 of vmas is not known to this version');
});

test('a thread that has ended may still be in the list', async () => {
  // The second thread of process 100 ends: no core image, its block stays.
  const change: DumpSpec['change'] = ({ pid, cores, memory }) => {
    if (pid !== 100) return;
    cores.delete(103);
    memory.write(0x100010004cn, Buffer.from([abi.HC_THREAD_GONE]));
    memory.write(0x200018n, Buffer.from([2, 0, 0, 0, 2]));
  };
  const spec = { ...specFor('x86-64'), change };
  const files = makeDump(spec);
  const tree = decodeImageAs('pstree', 'pstree.img', files.get('pstree.img') ?? Buffer.alloc(0));
  for (const entry of tree.messages) entry.threads = entry.threads.filter((tid) => tid !== 103);
  files.set('pstree.img', encodeImage(tree));
  const { files: there } = await run(files, 'aarch64');
  const shipped = decodeExtents(there.get('hc/parked-100.img') ?? Buffer.alloc(0), 'parked');
  assert.equal(
    readParked(shipped, 'p').threads.map(({ tid }) => tid),
    [100, 104],
  );
  await run(there, 'x86-64');
});

test('a zombie only changes its machine type', async () => {
  const zombie = (parts: {
    pid: number;
    cores: Map<number, { tc?: { task_state: number } | undefined }>;
  }) => {
    const tc = parts.cores.get(101)?.tc;
    if (tc) tc.task_state = 6;
  };
  const files = makeDump({ ...specFor('aarch64'), change: zombie as never });
  files.delete('mm-101.img');
  files.delete('pagemap-101.img');
  // It never learns the thread ids of what has died, and writes what its memory holds.
  const tree = decodeImageAs('pstree', 'pstree.img', files.get('pstree.img') ?? Buffer.alloc(0));
  for (const entry of tree.messages) if (entry.pid === 101) entry.threads = [3437465920];
  files.set('pstree.img', encodeImage(tree));
  const dump = await loadDump(members(files));
  const living = dump.tasks.filter(({ memory }) => memory);
  const inputs = (await extentsOf({ ...dump, tasks: living }, files)) as Input[];
  const { members: changed } = transform(dump, inputs, 'x86-64');
  const core = onlyMessage(decodeImageAs('core', 'core', changed.get('core-101.img') ?? Buffer.alloc(0)));
  assert.is(core.mtype, 1);
});

test('damaged images and memory: a clear error, never a crash', async () => {
  const good = makeDump(specFor('x86-64'));
  const names = [...good.keys()].filter((name) => name !== 'tun-9.img' && !name.startsWith('fdinfo'));
  const random = makeRandom(99);
  let refused = 0;
  for (let i = 0; i < 1500; i++) {
    const name = names[random.between(0, names.length - 1)] ?? '';
    const bytes = Buffer.from(good.get(name) ?? Buffer.alloc(0));
    for (let n = random.between(1, 3); n > 0; n--)
      bytes[random.between(0, bytes.length - 1)] = random.between(0, 255);
    const end = random.between(0, 3) === 0 ? random.between(0, bytes.length) : bytes.length;
    try {
      await run(new Map([...good, [name, bytes.subarray(0, end)]]), 'aarch64');
    } catch (error) {
      assert.instance(error, HcError, String((error as Error).stack));
      refused++;
    }
  }
  assert.ok(refused > 300);
});

test.run();
