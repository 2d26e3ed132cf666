// SPDX-License-Identifier: GPL-3.0-or-later
// A client on its way from node to node, in short; `npm run bench:edge` is the long form.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { delaysOf, type Route, ride } from '../src/edge/ride.ts';
import { buildServer } from '../src/servers.ts';
import { guests } from './pair.ts';

const test = suite('a client on its way');
const route: Route = { nearMs: 10, farMs: 300, tripSteps: 2, staySteps: 4, stepMs: 4000 };

test('one delay grows by as much as the other shrinks, and then they stay', () => {
  const delays = delaysOf({ nearMs: 20, farMs: 200, tripSteps: 4, staySteps: 1, stepMs: 1000 });
  assert.equal(
    delays.map((each) => each['x86-64']),
    [20, 80, 140, 200, 200],
  );
  assert.equal(
    delays.map((each) => each.aarch64),
    [200, 140, 80, 20, 20],
  );
});

test('Redis that hops after its client answers quickly again, and no reply is lost or wrong', async () => {
  const { steps, hop, load } = await ride(await guests(), await buildServer('redis'), route, true);
  const { lost, wrong, resets, complaints } = load;
  assert.equal({ lost, wrong, resets, complaints }, { lost: 0, wrong: 0, resets: 0, complaints: [] });
  assert.is(hop?.to, 'aarch64');
  const [first, last] = [steps.at(0), steps.at(-1)];
  assert.is(last?.delays['x86-64'], 300);
  // At the far end of 300 ms it would be a thirtieth.
  assert.ok((last?.perSecond ?? 0) > (first?.perSecond ?? 0) / 3, `${first?.perSecond} ${last?.perSecond}`);
});

test.run();
