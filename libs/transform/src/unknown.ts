// SPDX-License-Identifier: GPL-3.0-or-later
import type { Message } from '@h-containers/criu-images';
import { refuse } from './refusal.ts';

/**
 * Fields that later versions of CRIU have added may hold state of one ISA, or what must be changed along with the rest. An
 * image that is only passed on may have them, one that is edited may not.
 */
export function refuseUnknownFields(image: string, messages: readonly Message[]): void {
  for (const message of messages) visit(image, 'an entry', message);
}

function visit(image: string, place: string, value: unknown): void {
  if (Array.isArray(value)) {
    // Arrays hold values of one kind: registers, for instance.
    if (typeof value[0] === 'object') for (const each of value) visit(image, place, each);
    return;
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  const [unknown] = (value as Message).$unknown ?? [];
  if (unknown)
    refuse(
      `${image}: field ${unknown.number} of ${place} is not known to this version`,
      'use CRIU 3.17, or newer tools',
    );
  for (const [name, inner] of Object.entries(value)) if (typeof inner === 'object') visit(image, name, inner);
}
