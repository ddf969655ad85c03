import assert from 'node:assert/strict';
import { test } from 'node:test';

import { actionsOf, clock, maskedIn, moment, wantedEvents } from '../src/events';
import type { IWanted } from '../src/events';
import { event } from './fakes';

const ALL = [
  event(1, { action: 'guard.load', execution_count: null }),
  event(2, { execution_count: 12, columns: ['E-mail'] }),
  event(3, { execution_count: 1, columns: ['plan'], masked: { AGE: 2, CITY: 3 } }),
  event(4, { action: null, execution_count: 2, has_more_columns: true })
];
const NOTHING: IWanted = { cell: '', column: '', action: '' };

const found = (wanted: Partial<IWanted>): readonly number[] =>
  wantedEvents(ALL, { ...NOTHING, ...wanted }).map(one => one.seq);

test('all events are there, the newest first', () => {
  assert.deepEqual(found({}), [4, 3, 2, 1]);
  assert.equal(ALL[0]?.seq, 1);
});

test('a cell is found by its whole number', () => {
  assert.deepEqual(found({ cell: ' 1 ' }), [3]);
  assert.deepEqual(found({ cell: 'null' }), []);
});

test('a column is found by a part of its label; an event that was sent with some of its columns may have it', () => {
  assert.deepEqual(found({ column: 'mail' }), [4, 2]);
});

test('filters hold together', () => {
  assert.deepEqual(found({ action: 'cell.run' }), [3, 2]);
  assert.deepEqual(found({ action: 'cell.run', column: 'plan', cell: '1' }), [3]);
  assert.deepEqual(found({ action: 'guard.load', column: 'plan' }), []);
});

test('actions are listed once', () => assert.deepEqual(actionsOf(ALL), ['', 'cell.run', 'guard.load']));

test('masked values are counted over all entities', () => {
  assert.deepEqual(ALL.map(maskedIn), [0, 0, 5, 0]);
});

test('times are local, midnight is hour 00, and what is no time is shown as it is', () => {
  assert.match(clock('2026-11-05T00:00:07Z'), /^\d{2}:\d{2}:07$/);
  assert.equal(clock(new Date(2026, 10, 5, 0, 0, 7).toISOString()), '00:00:07');
  assert.match(moment('2026-11-05T12:00:00Z'), /2026/);
  assert.deepEqual([clock('soon'), moment('soon'), clock(null), moment(null)], ['soon', 'soon', '–', '–']);
});
