// SPDX-License-Identifier: GPL-3.0-or-later
// Is this one of our programs, and can it be asked to park?
import { abi, type ElfFacts, readElfFacts } from '@h-containers/bundle';
import { cannotMove, HcError, hostIsa, isaOfMachine, machineOfIsa } from '@h-containers/tool-kit';
import { type Control, readControl, readThreads, type Thread } from './control.ts';
import { type ProcessMemory, withMemory, withMemoryIfAny } from './memory.ts';
import { describe, executableOf, readStat, threadsOf, tracerOf } from './proc.ts';

/** A process that passed every check. startTime guards against the pid being used again. */
export interface Target {
  pid: number;
  startTime: number;
  executable: string;
  buildId: string;
}

export type ThreadInfo = Pick<Thread, 'tid' | 'state' | 'in_handler' | 'in_syscall'>;

export interface Parking {
  control: Control;
  threads: ThreadInfo[];
  /** Every thread the kernel knows stands in the park routine. */
  complete: boolean;
}

const COMPILE_HINT = 'only programs built by hc-compile (hc-cc) can be moved';

/** asked: it may have been asked to park before, as the child of one that was. */
export async function inspect(pid: number, asked = false): Promise<Target> {
  const stat = readStat(pid);
  if (!stat) throw new HcError(`there is no process ${pid}`, { hint: 'see ps' });
  const executable = executableOf(pid);
  if (stat.state === 'Z')
    throw cannotMove(`process ${pid} (${stat.comm}) has ended already`, 'its parent must reap it');
  withMemory(pid, (memory) => checkControl(memory, asked));
  const facts = await elfFacts(pid);
  if (executable === undefined || facts?.buildId === undefined)
    throw cannotMove(`${describe(pid)}: its executable has no build-id`, COMPILE_HINT);
  if (executable.endsWith(' (deleted)'))
    throw cannotMove(
      `${describe(pid)}: its executable was deleted or replaced after the start`,
      'put the same file back in place and start the program again',
    );
  const tracer = tracerOf(pid);
  if (tracer !== 0)
    throw cannotMove(`${describe(pid)} is being traced by ${describe(tracer)}`, 'end the debugger first');
  if (stat.state === 'T')
    throw cannotMove(
      `${describe(pid)} is stopped, so it can't park`,
      `kill -CONT ${pid}, or after an interrupted hc-dump: hc-notify --resume ${pid}`,
    );
  return { pid, startTime: stat.startTime, executable, buildId: facts.buildId };
}

/** Undefined for what has no executable (kernel threads) or one that no tool of ours has made. */
async function elfFacts(pid: number): Promise<ElfFacts | undefined> {
  try {
    return await readElfFacts(`/proc/${pid}/exe`);
  } catch {
    return undefined;
  }
}

function checkControl(memory: ProcessMemory, asked: boolean): void {
  const control = readControl(memory);
  const who = describe(memory.pid);
  if (control?.magic !== abi.HC_CONTROL_MAGIC)
    throw cannotMove(`${who} can't be moved: it has no control block`, COMPILE_HINT);
  if (control.version !== abi.HC_ABI_VERSION)
    throw cannotMove(
      `${who} was built for version ${control.version} of the runtime's interface, these tools for ${abi.HC_ABI_VERSION}`,
      'build it again, or use the tools it was built with',
    );
  if (control.isa !== machineOfIsa(hostIsa()))
    throw cannotMove(
      `${who} says that it runs on ${isaOfMachine(control.isa) ?? `machine ${control.isa}`}, but this is ${hostIsa()}`,
    );
  if (control.request === abi.HC_PARK && !asked)
    throw new HcError(`${who} has been asked to park already`, {
      hint: `hc-notify --resume ${memory.pid} takes that back`,
    });
}

/** False once the process ended, even when its pid is in use again. */
export function isAlive(target: Pick<Target, 'pid' | 'startTime'>): boolean {
  const stat = readStat(target.pid);
  return (
    stat !== undefined && stat.startTime === target.startTime && stat.state !== 'Z' && stat.state !== 'X'
  );
}

/** Undefined when the process is gone. */
export function parking(target: Pick<Target, 'pid' | 'startTime'>): Parking | undefined {
  if (!isAlive(target)) return undefined;
  return withMemoryIfAny(target.pid, (memory) => {
    const control = readControl(memory);
    if (!control) return undefined;
    const threads = readThreads(memory, control).filter((thread) => thread.state !== abi.HC_THREAD_GONE);
    const parked = threads.filter((thread) => thread.state === abi.HC_THREAD_PARKED);
    const complete =
      control.request === abi.HC_PARK &&
      threads.length > 0 &&
      parked.length === threads.length &&
      control.parked === threads.length &&
      control.threads === threads.length &&
      threadsOf(target.pid).length === threads.length;
    return { control, threads, complete };
  });
}
