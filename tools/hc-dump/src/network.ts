// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses that leave this machine with the process: --address.
import {
  type Assigned,
  addCommand,
  announceCommand,
  assignedAddresses,
  connectionLockTable,
  findAddress,
  holdOffRules,
  ipBatch,
  isAddress,
  lockRules,
  lockTable,
  Prepared,
  removeCommand,
  removeTables,
  shellLine,
  withoutTables,
} from '@h-containers/network';
import { type Cleanup, usageError } from '@h-containers/tool-kit';
import type { HandOver } from './hand-over.ts';

/** In hc/hc-dump.json. */
export type CarriedAddress = Pick<Assigned, 'address' | 'prefix'>;

export class Network {
  readonly addresses: readonly Assigned[];
  readonly #holdOff: Prepared | undefined;
  readonly #rules: Prepared | undefined;
  readonly #removal: Prepared | undefined;

  private constructor(addresses: readonly Assigned[], cleanup: Cleanup) {
    this.addresses = addresses;
    if (addresses.length === 0) return;
    const [holdOff, rules, removal] = [Prepared.rules(), Prepared.rules(), Prepared.addresses()];
    const all = [holdOff, rules, removal];
    cleanup.add(() => Promise.all(all.map((each) => each.dismiss())).then(() => {}));
    this.#holdOff = holdOff;
    this.#rules = rules;
    this.#removal = removal;
  }

  /** Before the process is stopped. */
  static async prepare(wanted: readonly string[], cleanup: Cleanup): Promise<Network> {
    const bad = wanted.find((each) => !isAddress(each));
    if (bad !== undefined)
      throw usageError(`--address: '${bad}' is not an IPv4 address`, 'for example --address 192.0.2.7');
    const all = wanted.length === 0 ? [] : await assignedAddresses();
    const addresses = [...new Set(wanted)].map((each) => findAddress(each, all));
    return new Network(addresses, cleanup);
  }

  get carried(): CarriedAddress[] {
    return this.addresses.map(({ address, prefix }) => ({ address, prefix }));
  }

  /** From here on nobody begins a connection to these addresses. */
  async holdOff(root: number, handOver: HandOver): Promise<void> {
    if (this.addresses.length === 0) return;
    await handOver.undo(removalOf(lockTable(root)));
    await this.#holdOff?.apply(holdOffRules(root, this.#names));
  }

  /** From here on no packet of these addresses reaches this kernel, nor leaves it. */
  async lock(root: number): Promise<void> {
    if (this.addresses.length > 0) await this.#rules?.apply(lockRules(root, this.#names));
  }

  get #names(): string[] {
    return this.addresses.map(({ address }) => address);
  }

  /** Takes the addresses off: from here on this machine does not answer for them. */
  async depart(handOver: HandOver): Promise<void> {
    for (const assigned of this.addresses) {
      // The neighbours may have heard of the destination in the meantime.
      const back = `${shellLine(addCommand(assigned))} && ${shellLine(announceCommand(assigned))}`;
      await handOver.undo(back);
    }
    await this.#removal?.apply(ipBatch(this.addresses.map(removeCommand)));
  }

  /** Once the source is gone: what kept its packets away, CRIU's rules included. */
  async tidy(root: number, connections: boolean): Promise<void> {
    const tables = [
      ...(this.addresses.length > 0 ? [lockTable(root)] : []),
      ...(connections ? [connectionLockTable(root)] : []),
    ];
    if (tables.length > 0) await removeTables(tables);
  }
}

function removalOf(table: string): string {
  return `nft -f - <<'RULES'\n${withoutTables([table])}RULES`;
}
