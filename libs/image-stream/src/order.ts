// SPDX-License-Identifier: GPL-3.0-or-later
import { CONFIRM, checkedName, PLACES, placeOf } from './names.ts';

/** Guards what a sink is given: names, no name twice, streaming order. A violation is a mistake of the tool. */
export class OrderGuard {
  readonly #seen = new Set<string>();
  #place = 0;

  check(name: string, location: string): void {
    checkedName(name, location);
    const place = PLACES.indexOf(placeOf(name));
    if (place < this.#place) throw new Error(`${location}: ${name} must come before pages and ${CONFIRM}`);
    if (this.#seen.has(name)) throw new Error(`${location}: ${name} was written already`);
    this.#place = place;
    this.#seen.add(name);
  }
}
