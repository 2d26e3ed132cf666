// SPDX-License-Identifier: GPL-3.0-or-later
import { bigintAsString } from '@h-containers/tool-kit';
import type { FileSummary, FrameSummary, Summary, TaskSummary, ThreadSummary } from './summary.ts';

export function showJson(summary: Summary): string {
  return `${JSON.stringify(summary, bigintAsString)}\n`;
}

export function showText({ isa, tasks }: Summary): string {
  return `${[`images for ${isa}`, ...tasks.flatMap(task)].join('\n')}\n`;
}

function task(summary: TaskSummary): string[] {
  const { pid, parent, name, executable, buildId, bundle, memory, files, threads, problem } = summary;
  if (executable === undefined) return ['', `process ${pid} (${name}), child of ${parent}: has ended`];
  return [
    '',
    `process ${pid} (${name}), child of ${parent}`,
    `  executable  ${executable}`,
    `  build-id    ${buildId ?? 'not in the images'}`,
    `  bundle      ${bundle ?? 'not found'}`,
    ...(memory ? [`  memory      ${mib(memory.dumpedBytes)} dumped, ${mib(memory.mappedBytes)} mapped`] : []),
    ...(problem === undefined ? [] : [`  can't move  ${problem}`]),
    ...threads.flatMap(thread),
    ...files.map(file),
  ];
}

function thread({ tid, depth, frames = [], inSystemCall }: ThreadSummary): string[] {
  if (depth === undefined) return [`  thread ${tid}`];
  const call = inSystemCall === undefined ? '' : `, in system call ${inSystemCall}`;
  const more = depth > frames.length ? [`    ... ${depth - frames.length} more`] : [];
  return [`  thread ${tid}  parked, ${depth} frames deep${call}`, ...frames.map(frame), ...more];
}

function frame({ function: name, file: path, line, id }: FrameSummary): string {
  const place = path === '' ? `site ${id}` : `${path}:${line}`;
  return `    ${name.padEnd(24)} ${place}`;
}

function file({ fd, type, path, position }: FileSummary): string {
  const where = path === undefined ? '' : `  ${path}${position ? ` at ${position}` : ''}`;
  return `  fd ${String(fd).padEnd(4)}  ${type}${where}`;
}

function mib(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
