import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chosen, classesOf, direction, isSensitive, isUnsure, keyOf, nextSorting, unusedIn } from '../src/columns';
import type { Sorting } from '../src/columns';
import { column, dataset } from './fakes';

const MAIL = column('e-mail', { entity: 'EMAIL_ADDRESS', class: 'pii', confidence: 98 });
const CITY = column('city', { entity: 'CITY', class: 'pii', confidence: 60 });
const PLAN = column('plan', { confidence: null });
const ALL = [PLAN, MAIL, CITY];

const labels = (kind: string, text = '', sorting: Sorting = null): readonly string[] =>
  chosen(ALL, kind, text, new Set(['city']), sorting).map(one => one.label);

test('columns are chosen by kind, and kept in the order of the table', () => {
  assert.deepEqual(labels('all'), ['plan', 'e-mail', 'city']);
  assert.deepEqual(labels('sensitive'), ['e-mail', 'city']);
  assert.deepEqual(labels('unused'), ['city']);
  assert.deepEqual(labels('class:none'), ['plan']);
  assert.deepEqual(labels('class:health'), []);
});

test('columns are found by a part of their label or entity, in any case', () => {
  assert.deepEqual(labels('all', ' MAIL '), ['e-mail']);
  assert.deepEqual(labels('all', 'address'), ['e-mail']);
  assert.deepEqual(labels('all', 'mailemail'), [], 'label and entity are two words');
});

test('sorting leaves the table as it was, and puts what is not known first', () => {
  assert.deepEqual(labels('all', '', { key: 'label', isDown: false }), ['city', 'e-mail', 'plan']);
  assert.deepEqual(labels('all', '', { key: 'confidence', isDown: false }), ['plan', 'city', 'e-mail']);
  assert.deepEqual(labels('all', '', { key: 'confidence', isDown: true }), ['e-mail', 'city', 'plan']);
  assert.deepEqual(labels('all', '', { key: 'class', isDown: false }), ['plan', 'e-mail', 'city']);
  assert.deepEqual(ALL, [PLAN, MAIL, CITY]);
});

test('a header sorts up, then down, then not, and another one begins anew', () => {
  const up = nextSorting(null, 'label');
  const down = nextSorting(up, 'label');

  assert.deepEqual([up, down], [{ key: 'label', isDown: false }, { key: 'label', isDown: true }]);
  assert.equal(nextSorting(down, 'label'), null);
  assert.deepEqual(nextSorting(down, 'class'), { key: 'class', isDown: false });
  assert.deepEqual([direction(up, ['class', 'label']), direction(down, ['label']), direction(up, ['class'])], ['ascending', 'descending', 'none']);
});

test('a sensitive column is unused until a cell used it, in this data set and no other', () => {
  const people = dataset('people', ALL, { source: 'a.csv' });
  const usage = { name: 'people', source: 'a.csv', variables: ['df'], columns: ['e-mail', 'plan'] };

  assert.deepEqual(unusedIn(people, []), ['e-mail', 'city']);
  assert.deepEqual(unusedIn(people, [usage]), ['city']);
  assert.deepEqual(unusedIn(people, [{ ...usage, source: 'b.csv' }]), ['e-mail', 'city']);
});

test('what has no class or the class none is not sensitive', () => {
  assert.deepEqual(ALL.map(isSensitive), [false, true, true]);
  assert.equal(isSensitive(column('x', { class: null })), false);
  assert.deepEqual(classesOf([...ALL, column('x', { class: null })]), ['none', 'pii']);
});

test('a verdict below 70 percent is unsure, and nothing is not a verdict', () => {
  assert.deepEqual(ALL.map(isUnsure), [false, false, true]);
  assert.equal(isUnsure(column('x', { confidence: 10 })), false);
  assert.equal(isUnsure(column('x', { entity: 'AGE', confidence: 70 })), false);
});

test('data sets of one name from two files are two', () => {
  assert.notEqual(keyOf(dataset('people', [], { source: 'a' })), keyOf(dataset('people', [], { source: 'b' })));
  assert.notEqual(keyOf(dataset('a,b', [])), keyOf(dataset('a', [], { source: 'b' })));
});
