// SPDX-License-Identifier: GPL-3.0-or-later

/** Against streams made to exhaust memory. */
export interface Limits {
  /** Bytes of one small member; they are decoded as a whole. */
  smallMember: number;
  /** Small members above this sum are kept on disk. */
  inMemory: number;
  members: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: Limits = { smallMember: 256 * MIB, inMemory: 48 * MIB, members: 200_000 };
