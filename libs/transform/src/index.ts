// SPDX-License-Identifier: GPL-3.0-or-later
export { convertAuxv } from './auxv.ts';
export { convertCore, droppedState, isaOfCore, type Start } from './core.ts';
export {
  type Dump,
  decodeDump,
  loadDump,
  type Members,
  type Memory,
  type RawDump,
  readDump,
  type Task,
  type ThreadImage,
} from './dump.ts';
export { buildIdOf, convertExecutablePath, convertFile, convertOpenFlags } from './files.ts';
export {
  decodeExtents,
  type Extent,
  Extents,
  encodeExtents,
  MAX_PARKED_BYTES,
  type MemoryReader,
  pagesReader,
  parkedName,
  parkedPid,
} from './memory.ts';
export { convertMm } from './mm.ts';
export { CallSites } from './native.ts';
export { checkPagemap, editPages, type PageEdits, type PageOp, type PagePlan, planPages } from './pages.ts';
export { checkParked, collectExtents, type Parked, readParked, type Thread } from './parked.ts';
export { buildIdOfTask, checkProgram, memoryOf, type Program } from './program.ts';
export { type Stack, walkStacks } from './rebuild.ts';
export { SAMPLE_ID, SAMPLE_SIZE, sampleDump, sampleSites } from './sample.ts';
export { type Input, type Output, transform } from './transform.ts';
export { fateOf, isPlainMemory, PROT_EXEC, PROT_WRITE, rangeText, VMA } from './vmas.ts';
