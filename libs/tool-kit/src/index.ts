// SPDX-License-Identifier: GPL-3.0-or-later
export { COMMON_ARGS, type CommonArgs, checkArgs, parseInteger, repeated } from './args.ts';
export { Cleanup } from './cleanup.ts';
export {
  cannotMove,
  EXIT,
  errorCode,
  HcError,
  type HcErrorOptions,
  systemError,
  usageError,
} from './errors.ts';
export { type HelpText, renderHelp } from './help.ts';
export { hostIsa, ISAS, type Isa, isaOfMachine, isIsa, machineOfIsa, otherIsa, parseIsa } from './isa.ts';
export { type HcRecord, makeRecord, type RecordParts, recordMember, recordName } from './record.ts';
export { bigintAsString, type Fields, Reporter, type ReporterOptions } from './reporter.ts';
export { refuseTerminalInput, refuseTerminalOutput } from './terminal.ts';
export { Timers } from './timers.ts';
export { defineTool, type Tool, type ToolContext, type ToolDefinition, VERSION } from './tool.ts';
