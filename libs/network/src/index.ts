// SPDX-License-Identifier: GPL-3.0-or-later
export {
  type Assigned,
  addCommand,
  announceCommand,
  assignedAddresses,
  findAddress,
  isAddress,
  removeCommand,
} from './addresses.ts';
export { run, shellLine } from './commands.ts';
export {
  connectionLockRules,
  connectionLockTable,
  type Ends,
  holdOffRules,
  lockRules,
  lockTable,
  removeTables,
  withoutTables,
} from './lock.ts';
export { ipBatch, Prepared } from './prepared.ts';
export { type InetSocket, readSockets, type SocketState, socketInodes } from './sockets.ts';
export { unixPeers, unixSockets } from './unix.ts';
