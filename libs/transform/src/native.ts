// SPDX-License-Identifier: GPL-3.0-or-later
//
// TypeScript face of native/transform (include/hc/transform.h, src/addon.cc).
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { HcError, hostIsa, type Isa, machineOfIsa } from '@h-containers/tool-kit';
import { damaged, hex, refuse } from './refusal.ts';

type Fault = { code: number; address: bigint; value: bigint };
type Outcome<T> = ({ code: 0 } & T) | Fault;

interface Addon {
  open(sites: Uint8Array): Outcome<{ tables: object }>;
  walk(tables: object, isa: number, stack: Uint8Array, sp: bigint, pc: bigint): Outcome<{ ids: Uint32Array }>;
  rebuild(
    tables: object,
    isa: number,
    ids: Uint32Array,
    high: bigint,
    low: bigint,
    alignment: bigint,
  ): Outcome<Rebuilt>;
}

export interface Rebuilt {
  /** The bytes of [sp, native_high). */
  stack: Uint8Array;
  sp: bigint;
  pc: bigint;
}

/** Beside the bundled cli.js, or in the build folder of the repository. */
function addonPath(): string {
  const isa = hostIsa();
  const places = [`./hc-transform-${isa}.node`, `../../../native/transform/build/${isa}/hc-transform.node`];
  const found = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find(existsSync);
  if (found === undefined)
    throw new HcError(`the native part of hc-xform for ${isa} is missing`, {
      hint: 'build it with native/transform/build.sh',
    });
  return found;
}

let loaded: Addon | undefined;

function addon(): Addon {
  loaded ??= createRequire(import.meta.url)(addonPath()) as Addon;
  return loaded;
}

/** enum hcx_code, in its order. */
const TABLE_FAULTS: Record<number, (fault: Fault) => string> = {
  1: ({ value }) => `should have ${value} bytes`,
  2: () => 'not a call-site table',
  3: ({ address }) => `not in the order of addresses at ${hex(address)}`,
  4: ({ address }) => `impossible frame at ${hex(address)}`,
  5: ({ value }) => `call site ${value} is not known to both ISAs`,
};

const STACK_FAULTS: Record<number, (fault: Fault) => string> = {
  5: ({ value }) => `call site ${value} is not in the bundle`,
  6: ({ address, value }) =>
    address === 0n
      ? `it stands at ${hex(value)}, which is no call site of the bundle`
      : `return address ${hex(value)} at ${hex(address)} is no call site of the bundle`,
  7: ({ address, value }) => `the frame at ${hex(address)} (return address ${hex(value)}) leaves the stack`,
  8: ({ address, value }) => `the outermost frame ends at ${hex(address)} instead of ${hex(value)}`,
  9: ({ value }) => `more than ${value} frames`,
  10: ({ value }) => `it needs ${value} bytes of native stack on the other ISA, more than there are`,
  11: ({ address }) => `stack pointer ${hex(address)} would be misaligned on the other ISA`,
};

/** What the ABI demands of SP: AAPCS64 6.4.5.1; on x86-64 a word, since park calls keep to nothing stricter. */
const STACK_ALIGNMENT: Record<Isa, bigint> = { 'x86-64': 8n, aarch64: 16n };

/** The call sites of a program on both ISAs. */
export class CallSites {
  readonly #tables: object;

  private constructor(tables: object) {
    this.#tables = tables;
  }

  /** bytes: a bundle's sites.bin, called `where` in messages. */
  static open(bytes: Uint8Array, where: string): CallSites {
    const outcome = addon().open(bytes);
    if (outcome.code === 0) return new CallSites((outcome as { tables: object }).tables);
    throw new HcError(`${where}: ${TABLE_FAULTS[outcome.code]?.(outcome as Fault)}`, {
      hint: 'unpack the bundle again',
    });
  }

  /** Call-site ids of a stack, innermost first, 0 last. stack: the bytes from sp to native_high. */
  walk(isa: Isa, stack: Uint8Array, sp: bigint, pc: bigint, who: string): Uint32Array {
    const outcome = addon().walk(this.#tables, machineOfIsa(isa), stack, sp, pc);
    if (outcome.code === 0) return (outcome as { ids: Uint32Array }).ids;
    refuse(
      `${who}: ${STACK_FAULTS[outcome.code]?.(outcome as Fault)}`,
      'the bundle must be the one that the process was started from',
    );
  }

  /** The stack of the other ISA for these ids, which may take [low, high). */
  rebuild(isa: Isa, ids: Uint32Array, high: bigint, low: bigint, who: string): Rebuilt {
    const outcome = addon().rebuild(this.#tables, machineOfIsa(isa), ids, high, low, STACK_ALIGNMENT[isa]);
    if (outcome.code === 0) return outcome as Rebuilt & { code: 0 };
    const fault = outcome as Fault;
    const text = `${who}: ${STACK_FAULTS[fault.code]?.(fault)}`;
    if (fault.code === 10) refuse(text, 'give the program a larger stack');
    damaged(text);
  }
}
