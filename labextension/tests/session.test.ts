import assert from 'node:assert/strict';
import { test } from 'node:test';

import { afterFailure, glance, localPath, merge, withoutEnded } from '../src/session';
import type { View } from '../src/tokens';
import { column, dataset, event, session } from './fakes';

test('news are added to what is known', () => {
  const known = session({ events: [event(1)], datasets: [dataset('a', [])], next: 1 });
  const merged = merge(known, session({ events: [event(2)], datasets: [dataset('b', [])], next: 2, purpose: 'churn' }));

  assert.deepEqual(merged.events.map(one => one.seq), [1, 2]);
  assert.deepEqual(merged.datasets.map(one => one.name), ['a', 'b']);
  assert.deepEqual([merged.next, merged.purpose], [2, 'churn']);
});

test('lists without news stay the same ones, so that nothing is drawn anew', () => {
  const known = session({ events: [event(1)], datasets: [dataset('a', [])], next: 1 });
  const merged = merge(known, session({ next: 1 }));

  assert.equal(merged.events, known.events);
  assert.equal(merged.datasets, known.datasets);
});

test('the start of a cell goes when its end comes, and that of another stays', () => {
  const known = session({ events: [event(1, { action: 'cell.start', run: 'a' }), event(2, { action: 'cell.start', run: 'b' })] });
  const merged = merge(known, session({ events: [event(3, { run: 'a' })], next: 3 }));

  assert.deepEqual(merged.events.map(one => one.seq), [2, 3]);
});

test('a data set that was loaded again takes the place of itself, not of its namesake', () => {
  const known = session({ datasets: [dataset('a', [], { source: 'x' }), dataset('a', [], { source: 'y' })] });
  const merged = merge(known, session({ datasets: [dataset('a', [], { source: 'x', seq: 9 })] }));

  assert.deepEqual(merged.datasets.map(one => [one.source, one.seq]), [['y', 1], ['x', 9]]);
});

test('of another session or another log nothing stays', () => {
  const known = session({ events: [event(1)], next: 5 });

  assert.deepEqual(merge(known, session({ session: 's2', next: 6 })).events, []);
  assert.deepEqual(merge(known, session({ next: 4 })).events, []);
  assert.deepEqual(merge(null, known), known);
});

test('at most ten thousand events are kept, the newest', () => {
  const many = Array.from({ length: 10_000 }, (_, at) => event(at + 1));
  const merged = merge(session({ events: many }), session({ events: [event(10_001)], next: 10_001 }));

  assert.equal(merged.events.length, 10_000);
  assert.deepEqual([merged.events[0]?.seq, merged.events.at(-1)?.seq], [2, 10_001]);
});

test('a guard ends with its process, and the next session has its own', () => {
  assert.equal(withoutEnded(session(), 's1').guard.state, 'absent');
  assert.equal(withoutEnded(session({ session: 's2' }), 's1').guard.state, 'on');
  assert.equal(withoutEnded(session(), null).guard.state, 'on');
  assert.equal(withoutEnded(session({ session: null }), null).guard.state, 'on');
});

test('a server that is away leaves what is known; a log that is broken does not', () => {
  const ready: View = { phase: 'ready', session: session(), problem: null };
  const away = { code: 'unreachable', message: 'm', hint: 'h' };
  const broken = { code: 'log_damaged', message: 'm', hint: 'h' };

  assert.deepEqual(afterFailure(ready, away), { ...ready, problem: away });
  assert.deepEqual(afterFailure(ready, broken), { phase: 'problem', problem: broken });
  assert.deepEqual(afterFailure({ phase: 'loading' }, away), { phase: 'problem', problem: away });
});

test('a session at a glance: what was classified, masked and logged', () => {
  const mail = column('mail', { class: 'pii', entity: 'EMAIL_ADDRESS' });
  const numbers = glance(
    session({
      datasets: [dataset('a', [mail, column('plan')]), dataset('b', [mail])],
      usage: [{ name: 'a', source: null, variables: ['a'], columns: ['mail'] }],
      events: [
        event(1, { masked: { AGE: 2, CITY: 3 } }),
        event(2),
        event(3, { outcome: 'refused' }),
        event(4, { action: 'alert' }),
        event(5, { action: 'cell.start', masked: { AGE: 50 } })
      ]
    })
  );

  assert.deepEqual(numbers, {
    datasets: 2,
    columns: 3,
    sensitive: 2,
    unused: 1,
    masked: 5,
    maskedCells: 1,
    events: 5,
    refused: 1,
    alerts: 1,
    newest: 5
  });
});

test('a notebook on another drive has no path on the server', () => {
  assert.deepEqual(['a/b.ipynb', 'drive:a.ipynb', null].map(localPath), ['a/b.ipynb', null, null]);
});
