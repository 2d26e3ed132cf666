// SPDX-License-Identifier: GPL-3.0-or-later
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { downTime, inOrder, renderHistory, stageOf } from '../src/history.ts';

const stage = (tool: string, startedAt: string, ms: Record<string, number>) => ({
  tool,
  isa: 'x86-64',
  startedAt,
  ms,
});

test('stages come in the order of the pipe', () => {
  const order = inOrder([
    stage('hc-dump', '2026-01-31T11:00:01.000Z', { total: 2 }),
    stage('hc-notify', '2026-01-31T12:00:00.000Z', { total: 1 }),
  ]);
  assert.equal(
    order.map(({ tool }) => tool),
    ['hc-notify', 'hc-dump'],
  );
});

test('a record that no tool of ours has written is left out', () => {
  for (const value of [null, 1, 'x', {}, { tool: 'x', isa: 'sparc', startedAt: 'now', ms: {} }])
    assert.is(stageOf(value), undefined);
});

test('times that are no numbers are left out', () => {
  assert.equal(stageOf({ tool: 't', isa: 'aarch64', startedAt: 'x', ms: { total: 1, odd: 'two' } })?.ms, {
    total: 1,
  });
});

test('down time runs from the last parked thread to the first step', () => {
  assert.is(downTime('2026-01-31T12:00:00.000Z', new Date('2026-01-31T12:00:01.250Z')), 1250);
});

test('clocks that disagree give no down time', () => {
  assert.is(downTime('2026-01-31T12:00:02.000Z', new Date('2026-01-31T12:00:01.000Z')), undefined);
  assert.is(downTime(undefined, new Date()), undefined);
});

test('the table has one line per stage with its phases', () => {
  assert.is(
    renderHistory([stage('hc-dump', 'a', { total: 310.4, criu: 200.2 })]),
    '  hc-dump  x86-64     310 ms  criu 200',
  );
});

test.run();
