import assert from 'node:assert/strict';
import { test } from 'node:test';

import { modelNote } from '../src/flags';
import { Lasting } from '../src/lasting';
import { RequestError } from '../src/problems';
import type { IModelFlag, IModels } from '../src/tokens';
import { fakeApi } from './fakes';

const flag = (version: number): IModelFlag => ({
  model: 'churn',
  version: `${version}`,
  alias: 'champion',
  problem: 'no approval',
  says: `Alias champion of churn is on version ${version}, and nobody has been asked to approve it.`,
  seqs: [version]
});
const told = (...flags: IModelFlag[]): IModels => ({ models: 1, total: flags.length, flags });

test('models without anything to look at, or of which nothing is known, are no alert', () => {
  assert.equal(modelNote(null, 3), null);
  assert.equal(modelNote(told(), 3), null);
});

test('the newest flags are shown, and how many there are besides', () => {
  const note = modelNote(told(...[1, 2, 3, 4, 5].map(flag)), 3);

  assert.deepEqual([note?.flags.map(one => one.version), note?.total, note?.others], [['3', '4', '5'], 5, 2]);
  assert.equal(modelNote({ ...told(flag(1)), total: 250 }, 3)?.others, 249);
});

test('an alias that was flagged stays so when the server does not answer, and goes when it says so', async () => {
  const answers: (() => Promise<IModels>)[] = [
    () => Promise.resolve(told(flag(2))),
    () => Promise.reject(new RequestError({ code: 'failed', message: 'privguard: no.', hint: '' })),
    () => Promise.resolve(told())
  ];
  let changes = 0;
  const lasting = new Lasting(fakeApi({ models: () => answers.shift()!() }), () => changes++);
  const seen: (number | undefined)[] = [];

  for (let round = 0; round < 3; round++) {
    await lasting.refreshGaps();
    seen.push(lasting.models?.total);
  }

  assert.deepEqual(seen, [1, 1, 0]);
  assert.ok(changes >= 5);
});
