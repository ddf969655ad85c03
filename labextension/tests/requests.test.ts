import assert from 'node:assert/strict';
import { test } from 'node:test';

import { actsOn, newestFirst } from '../src/requests';
import type { IAccessRequest, IModelRequest, IRequest } from '../src/tokens';

const request = (id: string, asked: string, more: Partial<IRequest> = {}): IRequest => ({
  id,
  state: 'pending',
  missing: 1,
  by: 'ana',
  is_own: false,
  may_answer: true,
  reason: 'a case',
  for: '8h',
  asked,
  until: null,
  answered_by: [],
  ...more
});
const tier = (id: string, asked: string): IAccessRequest => ({
  ...request(id, asked),
  tier: 'compliance',
  dataset: 'people',
  columns: [],
  experiment: null,
  purpose: null
});
const model = (id: string, asked: string, more: Partial<IRequest> = {}): IModelRequest => ({
  ...request(id, asked, more),
  model: 'churn',
  version: '3',
  alias: 'champion',
  sha256: 'ab'.repeat(32),
  reviewed: 'passed'
});

test('requests of both kinds stand in one list, the newest first', () => {
  const listed = newestFirst(
    [tier('t1', '2026-11-01T08:00:00Z'), tier('t2', '2026-11-03T08:00:00Z')],
    [model('m1', '2026-11-02T08:00:00Z'), model('m2', '2026-11-03T08:00:00Z')]
  );

  assert.deepEqual(
    listed.map(one => `${one.kind} ${one.request.id}`),
    ['tier t2', 'model m2', 'model m1', 'tier t1']
  );
  assert.deepEqual(newestFirst([], []), []);
});

test('what can be done about a request follows from its state and from who looks', () => {
  const acts = (more: Partial<IRequest>): [boolean, string | null] => {
    const found = actsOn(model('m', '2026-11-01T08:00:00Z', more));
    return [found.mayApprove, found.mayDeny];
  };

  assert.deepEqual(acts({}), [true, 'deny']);
  assert.deepEqual(acts({ state: 'granted' }), [false, 'revoke']);
  assert.deepEqual(acts({ is_own: true, may_answer: false }), [false, 'withdraw']);
  assert.deepEqual(acts({ is_own: true, may_answer: false, state: 'granted' }), [false, 'withdraw']);
  assert.deepEqual(acts({ may_answer: false }), [false, null]);
  for (const state of ['denied', 'expired'] as const) {
    assert.deepEqual(acts({ state }), [false, null]);
    assert.deepEqual(acts({ state, is_own: true }), [false, null]);
  }
});
