// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses that came along, and connections that need one: --address.
import {
  type Assigned,
  addCommand,
  announceCommand,
  assignedAddresses,
  connectionLockRules,
  connectionLockTable,
  ipBatch,
  isAddress,
  lockRules,
  lockTable,
  Prepared,
  removeCommand,
  removeTables,
  run,
  withoutTables,
} from '@h-containers/network';
import { type Cleanup, HcError, usageError } from '@h-containers/tool-kit';
import type { Connection } from './images.ts';

/** In hc/hc-dump.json. */
export interface CarriedAddress {
  address: string;
  prefix: number;
}

/** From another machine: nothing in it is taken for granted. */
export function carriedAddresses(value: unknown): CarriedAddress[] {
  if (value === undefined) return [];
  const addresses = Array.isArray(value) ? value.map(carriedAddress) : [undefined];
  if (addresses.some((each) => each === undefined))
    throw new HcError('hc/hc-dump.json is damaged: its list of addresses', { hint: 'dump again' });
  return addresses.filter((each) => each !== undefined);
}

function carriedAddress(value: unknown): CarriedAddress | undefined {
  const { address, prefix } = Object(value) as Record<string, unknown>;
  const valid = typeof address === 'string' && isAddress(address) && Number.isInteger(prefix);
  return valid && Number(prefix) >= 0 && Number(prefix) <= 32
    ? { address, prefix: Number(prefix) }
    : undefined;
}

/** Address -> interface, from --address ADDR=DEV. */
export function parseAllowed(options: readonly string[]): Map<string, string> {
  return new Map(
    options.map((option) => {
      const [, address = '', device = ''] = /^([\d.]+)=([^\s/]{1,15})$/.exec(option) ?? [];
      if (!isAddress(address))
        throw usageError(`--address: '${option}' is not ADDRESS=INTERFACE`, 'for example 192.0.2.7=eth0');
      return [address, device];
    }),
  );
}

interface Arriving extends CarriedAddress {
  device: string;
  secondary: boolean;
}

/** Started before the process stops at the source: what waits for its moment, and what is here already. */
export interface Readiness {
  here: Promise<Assigned[]>;
  lock: Prepared;
  add: Prepared;
  unlock: Prepared;
}

export function makeReady(allowed: ReadonlyMap<string, string>, cleanup: Cleanup): Readiness | undefined {
  if (allowed.size === 0) return undefined;
  const here = assignedAddresses();
  here.catch(() => {});
  const [lock, add, unlock] = [Prepared.rules(), Prepared.addresses(), Prepared.rules()];
  cleanup.add(() => Promise.all([lock, add, unlock].map((each) => each.dismiss())).then(() => {}));
  return { here, lock, add, unlock };
}

/** What came in the stream. */
export interface Wanted {
  root: number;
  addresses: readonly CarriedAddress[];
  connections: readonly Connection[];
}

/** Puts addresses on, under a lock that keeps their packets away until the connections are there. */
export class Network {
  readonly #root: number;
  readonly #arriving: readonly Arriving[];
  readonly #connections: readonly Connection[];
  readonly #ready: Readiness | undefined;
  #state: 'away' | 'locked' | 'here' = 'away';

  private constructor(wanted: Wanted, arriving: readonly Arriving[], ready: Readiness | undefined) {
    this.#root = wanted.root;
    this.#arriving = arriving;
    this.#connections = wanted.connections;
    this.#ready = ready;
  }

  /** Refuses what would not work here; changes nothing. */
  static async check(
    wanted: Wanted,
    allowed: ReadonlyMap<string, string>,
    ready: Readiness | undefined,
  ): Promise<Network> {
    const { addresses, connections } = wanted;
    const needed = addresses.length + connections.length > 0;
    const here = needed ? await (ready?.here ?? assignedAddresses()) : [];
    const arriving = addresses.map((each) => arrivingOn(each, allowed, here));
    const known = new Set([...here, ...arriving].map(({ address }) => address));
    const homeless = connections.find(({ local }) => !known.has(local) && !isLocal(local));
    if (homeless)
      throw new HcError(
        `the connection ${homeless.local}:${homeless.localPort} - ${homeless.remote}:${homeless.remotePort} needs the address ${homeless.local}, which this machine hasn't got`,
        {
          hint: `have it travel along: hc-dump --address ${homeless.local}, hc-restore --address ${homeless.local}=INTERFACE`,
        },
      );
    return new Network(wanted, arriving, ready);
  }

  /** Until the result is called, whatever goes wrong has everything taken back. */
  async arrive(cleanup: Cleanup): Promise<() => void> {
    const forget = cleanup.add(() => this.#leave());
    const connected = this.#connections.length > 0;
    const own = connected ? connectionLockRules(this.#root, this.#connections) : '';
    const addresses = this.#arriving.map(({ address }) => address);
    if (addresses.length === 0) {
      if (connected) await run(['nft', '-f', '-'], own);
      return forget;
    }
    await this.#ready?.lock.apply(own + lockRules(this.#root, addresses));
    this.#state = 'locked';
    await this.#ready?.add.apply(ipBatch(this.#arriving.map(addCommand)));
    return forget;
  }

  /** Tells the neighbours; while the lock is on, they can do so early. */
  async announce(): Promise<void> {
    await Promise.all(this.#arriving.map((each) => run(announceCommand(each))));
  }

  async unlock(): Promise<void> {
    if (this.#state !== 'locked') return;
    await this.#ready?.unlock.apply(withoutTables([lockTable(this.#root)]));
    this.#state = 'here';
  }

  /** The addresses go before their connections do, which could be reset otherwise. */
  async #leave(): Promise<void> {
    if (this.#state !== 'away')
      for (const each of this.#arriving) await run(removeCommand(each)).catch(() => {});
    const tables = [
      ...(this.#arriving.length > 0 ? [lockTable(this.#root)] : []),
      ...(this.#connections.length > 0 ? [connectionLockTable(this.#root)] : []),
    ];
    if (tables.length > 0) await removeTables(tables);
  }
}

function arrivingOn(
  { address, prefix }: CarriedAddress,
  allowed: ReadonlyMap<string, string>,
  here: readonly Assigned[],
): Arriving {
  const device = allowed.get(address);
  if (device === undefined)
    throw new HcError(`the stream brings the address ${address} along, but it may not be put on here`, {
      hint: `allow it with --address ${address}=INTERFACE`,
    });
  const present = here.find((each) => each.address === address);
  if (present)
    throw new HcError(`the address ${address} is in use here already, on ${present.device}`, {
      hint: `take it off first: ip address del ${address}/${present.prefix} dev ${present.device}`,
    });
  return { address, prefix, device, secondary: false };
}

function isLocal(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}
