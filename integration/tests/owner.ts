// SPDX-License-Identifier: GPL-3.0-or-later
// Starts guests, prints the process ids of their QEMUs, and waits to be killed.
import { startGuests } from '../src/guests.ts';

delete process.env.HC_GUESTS;
const { machines } = await startGuests();
console.log(JSON.stringify(machines));
setInterval(() => {}, 1000);
