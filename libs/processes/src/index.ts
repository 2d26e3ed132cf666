// SPDX-License-Identifier: GPL-3.0-or-later
export { type Control, readControl, readThreads, type Thread, writeControl } from './control.ts';
export { unreadBytes } from './descriptors.ts';
export {
  type FileId,
  type Identity,
  isSameFile,
  movedIdentities,
  openFiles,
  readIdentities,
  seenAs,
  writeIdentities,
} from './identities.ts';
export { type Machine, pageSizeOf, thisMachine, vaBitsOf } from './machine.ts';
export { ProcessMemory, withMemory, withMemoryIfAny } from './memory.ts';
export { type ParkedProcess, type ParkOptions, park } from './park.ts';
export {
  allPids,
  childrenOf,
  describe,
  executableOf,
  parseStat,
  processTree,
  readProc,
  readStat,
  type Stat,
  statusField,
  threadsOf,
  tracerOf,
  whereabouts,
} from './proc.ts';
export { identify, release } from './release.ts';
export { send } from './signals.ts';
export { inspect, isAlive, type Parking, parking, type Target } from './target.ts';
export { ownVdso, type Vdso, vdsoAddress } from './vdso.ts';
