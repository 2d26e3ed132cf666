// SPDX-License-Identifier: GPL-3.0-or-later
//
// The images of a parked process tree, rewritten for the other ISA.
import { encodeImage, encodePagemap } from '@h-containers/criu-images';
import type { Isa } from '@h-containers/tool-kit';
import { convertCore, droppedState } from './core.ts';
import type { Dump, Task } from './dump.ts';
import { checkFile, convertExecutable, convertFile } from './files.ts';
import { type Extents, encodeExtents, parkedName } from './memory.ts';
import { convertMm } from './mm.ts';
import { checkPagemap, type PagePlan, planPages } from './pages.ts';
import { checkProgram, memoryOf, type Program } from './program.ts';
import { rebuildTask, type Stack } from './rebuild.ts';
import { refuseUnknownFields } from './unknown.ts';
import { rangeText } from './vmas.ts';

/** A living task with what is needed to move it. */
export interface Input {
  task: Task;
  program: Program;
  extents: Extents;
}

export interface Output {
  /** Members that change, by name. */
  members: Map<string, Buffer>;
  /** Edits of pages files, by name. */
  pages: Map<string, PagePlan>;
  /** For the record: what of the images was left behind on purpose. */
  dropped: string[];
  stacks: { pid: number; stack: Stack }[];
}

export function transform(dump: Dump, inputs: readonly Input[], to: Isa): Output {
  const from = dump.isa;
  refuseUnknownFields(dump.files.name, dump.files.messages);
  const output: Output = { members: new Map(), pages: new Map(), dropped: [], stacks: [] };
  for (const task of dump.tasks) {
    const input = inputs.find((each) => each.task === task);
    if (input) transformTask(input, dump, to, output);
    else convertCores(task, to, new Map(), output);
  }
  const executables = new Set(inputs.map(({ task }) => memoryOf(task).executable.name));
  const files = dump.files.messages.map((file) => {
    checkFile(file);
    const converted = convertFile(file, from, to);
    // The program may have its own executable open or mapped under other ids: they are one file.
    if (!converted.reg || !executables.has(converted.reg.name)) return converted;
    return { ...converted, reg: convertExecutable(converted.reg, from, to) };
  });
  output.members.set(dump.files.name, encodeImage({ ...dump.files, messages: files }));
  return output;
}

function transformTask({ task, program, extents }: Input, dump: Dump, to: Isa, output: Output): void {
  const { image, mm, pagemap, pagemapImage } = memoryOf(task);
  refuseUnknownFields(image.name, image.messages);
  refuseUnknownFields(pagemap.name, pagemapImage.messages);
  checkProgram(task, dump, program);
  checkPagemap(pagemap, task.who);
  const rebuilt = rebuildTask(task, extents, dump.isa, to, program.sites);
  const converted = convertMm(mm);
  convertCores(task, to, rebuilt.starts, output);
  const drop = [...rebuilt.edits.drop, ...converted.text, ...converted.dropped.map(({ range }) => range)];
  const plan = planPages(pagemap, { drop, write: rebuilt.edits.write });
  output.members.set(image.name, encodeImage({ ...image, messages: [converted.mm] }));
  output.members.set(pagemap.name, encodePagemap({ ...pagemap, ranges: plan.ranges }));
  output.members.set(parkedName(task.pid), encodeExtents(rebuilt.extents));
  output.pages.set(`pages-${pagemap.pagesId}.img`, plan);
  output.stacks.push(...rebuilt.stacks.map((stack) => ({ pid: task.pid, stack })));
  for (const { range, fate } of converted.dropped)
    output.dropped.push(`process ${task.pid}: ${fate} ${rangeText(range)}`);
}

function convertCores(
  task: Task,
  to: Isa,
  starts: ReadonlyMap<number, Parameters<typeof convertCore>[2]>,
  output: Output,
): void {
  for (const { tid, image, core } of task.threads) {
    refuseUnknownFields(image.name, image.messages);
    const converted = convertCore(core, to, starts.get(tid));
    output.members.set(image.name, encodeImage({ ...image, messages: [converted] }));
    output.dropped.push(...droppedState(core).map((what) => `thread ${tid}: ${what}`));
  }
}
