import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createApi } from '../src/api';
import { problemOf, RequestError } from '../src/problems';
import type { IApi, IProblem } from '../src/tokens';

/** Routes that answer with `body`, and what was asked. */
function answering(body: string, status = 200): { readonly api: IApi; readonly asked: [string, RequestInit][] } {
  const asked: [string, RequestInit][] = [];
  const api = createApi((path, init) => {
    asked.push([path, init]);
    return Promise.resolve(new Response(body, { status }));
  });
  return { api, asked };
}

async function problem(what: Promise<unknown>): Promise<IProblem> {
  const error: unknown = await what.then(
    () => assert.fail('nothing was thrown'),
    (thrown: unknown) => thrown
  );
  assert.ok(error instanceof RequestError);
  return problemOf(error);
}

test('names in addresses are escaped', async () => {
  const { api, asked } = answering('{"entities": []}');
  await api.session('../k?x', 7);
  await api.experiment('a&name=b/#');
  await api.answer('../../contents', { grant: false, reason: 'no' });
  await api.answerModel('../../contents', { grant: true, reason: 'yes' });
  await api.entities();

  assert.deepEqual(
    asked.map(([path]) => path),
    [
      'session/..%2Fk%3Fx?after=7',
      'experiment?name=a%26name%3Db%2F%23',
      'requests/..%2F..%2Fcontents',
      'models/requests/..%2F..%2Fcontents',
      'entities'
    ]
  );
});

test('what changes something is posted as JSON, and what does not is asked for', async () => {
  const { api, asked } = answering('{}');
  await api.report('exp', null);
  await api.reportNotebook('exp', 'a.ipynb');
  await api.verify();
  await api.gaps();
  await api.models();
  await api.modelRequests();

  assert.deepEqual(asked, [
    ['report', { method: 'POST', body: '{"experiment":"exp"}' }],
    ['report/notebook', { method: 'POST', body: '{"experiment":"exp","notebook":"a.ipynb"}' }],
    ['verification', { method: 'POST', body: '{}' }],
    ['gaps', {}],
    ['models', {}],
    ['models/requests', {}]
  ]);
});

test('a problem is said in the words of the server', async () => {
  const told = { code: 'refused', message: 'privguard: no.', hint: 'Ask.' };

  assert.deepEqual(await problem(answering(JSON.stringify(told), 403).api.gaps()), told);
});

test('an answer that is no problem of ours is told by its status', async () => {
  for (const body of ['<html>', 'null', '"text"', '[]', '{"message": "x"}', '{"code": 1, "message": "a", "hint": "b"}']) {
    const found = await problem(answering(body, 404).api.gaps());
    assert.match(found.message, /status 404/);
    assert.match(found.hint, /jupyter server extension enable/);
  }
  assert.match((await problem(answering('oops', 500).api.gaps())).hint, /log of the Jupyter server/);
  assert.equal((await problem(answering('not JSON', 200).api.gaps())).code, 'failed');
});

test('a server that does not answer is unreachable', async () => {
  const api = createApi(() => Promise.reject(new TypeError('net::ERR secret')));
  const found = await problem(api.gaps());

  assert.equal(found.code, 'unreachable');
  assert.doesNotMatch(JSON.stringify(found), /secret/);
});

test('what else was thrown is not quoted', () => {
  const found = problemOf(new Error('value 4711'));

  assert.equal(found.code, 'failed');
  assert.doesNotMatch(JSON.stringify(found), /4711/);
});
