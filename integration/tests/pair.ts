// SPDX-License-Identifier: GPL-3.0-or-later
import { type Guests, startGuests } from '../src/guests.ts';

let started: Promise<Guests> | undefined;

/** One pair for all test files, started by the first test that needs it; it ends with the test run. */
export function guests(): Promise<Guests> {
  started ??= startGuests();
  return started;
}
