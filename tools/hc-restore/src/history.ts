// SPDX-License-Identifier: GPL-3.0-or-later
// What every tool of the pipe has told about its part.
import { isIsa } from '@h-containers/tool-kit';

/** One hc/<tool>.json. */
export interface Stage {
  tool: string;
  isa: string;
  startedAt: string;
  ms: Record<string, number>;
}

/** undefined for what no tool of ours has written. */
export function stageOf(value: unknown): Stage | undefined {
  const { tool, isa, startedAt, ms } = Object(value) as Record<string, unknown>;
  if (typeof tool !== 'string' || !isIsa(isa) || typeof startedAt !== 'string') return undefined;
  const times = Object.entries(Object(ms) as Record<string, unknown>).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return { tool, isa, startedAt, ms: Object.fromEntries(times) };
}

const PIPELINE = ['hc-notify', 'hc-dump', 'hc-xform', 'hc-restore'];

/** As in the pipe: they start at the same time, and on two clocks. Strangers come last. */
export function inOrder(stages: readonly Stage[]): Stage[] {
  const place = ({ tool }: Stage) => (PIPELINE.includes(tool) ? PIPELINE.indexOf(tool) : PIPELINE.length);
  return stages.toSorted((a, b) => place(a) - place(b));
}

/**
 * From the last thread's parking to the program's first step at the destination. Two clocks are involved: a result
 * that can't be is left out.
 */
export function downTime(parkedAt: unknown, runningAt: Date): number | undefined {
  if (typeof parkedAt !== 'string') return undefined;
  const ms = runningAt.getTime() - new Date(parkedAt).getTime();
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** A table for people: one line per stage. */
export function renderHistory(stages: readonly Stage[]): string {
  const width = Math.max(...stages.map(({ tool }) => tool.length));
  return inOrder(stages)
    .map(({ tool, isa, ms: { total = 0, ...phases } }) => {
      const parts = Object.entries(phases).map(([phase, ms]) => `${phase} ${whole(ms)}`);
      return `  ${tool.padEnd(width)}  ${isa.padEnd(7)} ${`${whole(total)} ms`.padStart(9)}  ${parts.join(', ')}`.trimEnd();
    })
    .join('\n');
}

function whole(ms: number): number {
  return Math.round(ms);
}
