import assert from 'node:assert/strict';
import { test } from 'node:test';

import { applicableFirst } from '../src/controls';
import { endsProcess, lifeAfter } from '../src/life';
import type { Life } from '../src/life';
import { rowsInSight } from '../src/rows';
import { tabByKey, TABS } from '../src/tabs';
import { partsOf } from '../src/texts';

test('however far one scrolls, the rows in sight are in the page and few others', () => {
  for (const count of [0, 1, 7, 1_000, 100_000]) {
    for (const height of [0, 40, 333, 900, 50_000]) {
      for (const top of [0, 1, 39, 4_000, 40 * count - height, 40 * count + 500]) {
        const { first, last } = rowsInSight(Math.max(0, top), height, 40, count);
        assert.ok(0 <= first && first <= last && last <= count, `${count} ${height} ${top}`);
        assert.ok(last - first <= 200);
        const isInside = top >= 0 && top + height <= 40 * count && height <= 4_000;
        if (isInside) {
          assert.ok(first * 40 <= top && last * 40 >= top + height, `${count} ${height} ${top}`);
        }
      }
    }
  }
});

test('arrows go around the tabs, Home and End to the ends, other keys nowhere', () => {
  assert.equal(tabByKey('now', 'ArrowRight'), 'data');
  assert.equal(tabByKey('now', 'ArrowLeft'), 'experiment');
  assert.equal(tabByKey('experiment', 'ArrowRight'), 'now');
  assert.deepEqual([tabByKey('log', 'Home'), tabByKey('log', 'End')], ['now', 'experiment']);
  assert.deepEqual(['a', 'Tab', 'constructor', 'ArrowDown'].map(key => tabByKey('log', key)), [null, null, null, null]);
  assert.equal(new Set(TABS).size, 5);
});

test('what stands between backquotes is code, and a lone backquote is none', () => {
  assert.deepEqual(partsOf('Run `%privguard doctor` now.'), [
    { text: 'Run ', isCode: false },
    { text: '%privguard doctor', isCode: true },
    { text: ' now.', isCode: false }
  ]);
  for (const sentence of ['', 'a ` b', '``', '`a`', 'a`b`c`d', '<b>`x`</b>']) {
    const whole = partsOf(sentence).map(part => (part.isCode ? `\`${part.text}\`` : part.text));
    assert.equal(whole.join(''), sentence);
  }
  assert.deepEqual(partsOf('``'), [{ text: '``', isCode: false }]);
});

test('a kernel that begins anew by itself had died; a restart that was asked for is no death', () => {
  const after = (...statuses: readonly string[]): Life => statuses.reduce(lifeAfter, 'runs');

  assert.equal(after('busy', 'restarting', 'autorestarting', 'unknown', 'starting', 'idle'), 'died');
  assert.equal(after('busy', 'restarting', 'starting', 'idle'), 'runs');
  assert.equal(after('autorestarting', 'idle', 'restarting', 'idle'), 'runs');
  assert.equal(after('autorestarting', 'dead'), 'dead');
  assert.deepEqual(['idle', 'unknown', 'dead', 'restarting', 'autorestarting'].map(endsProcess), [false, false, true, true, true]);
});

test('controls of which the log says something stand first, each in its own order', () => {
  const controls = ['not applicable', 'partial', 'not applicable', 'evidenced', 'not evidenced'].map((status, at) => ({
    framework: 'GDPR',
    id: String(at),
    title: '',
    status
  }));

  assert.deepEqual(applicableFirst(controls).map(control => control.id), ['1', '3', '4', '0', '2']);
});
