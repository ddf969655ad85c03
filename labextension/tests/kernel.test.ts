import assert from 'node:assert/strict';
import { test } from 'node:test';

import { explain, magicCode, reveal, runMagic } from '../src/kernel';
import { RequestError } from '../src/problems';
import type { IProblem } from '../src/tokens';
import { FakeContext, FakeKernel } from './fakes';
import type { Behaviour } from './fakes';

const printing = (text: string, name = 'stdout'): Behaviour => (_, tell) => {
  tell({ header: { msg_type: 'stream' }, content: { name, text } });
  return Promise.resolve({ status: 'ok' });
};

const kernel = (behaviour: Behaviour): FakeContext => new FakeContext(new FakeKernel('k1', behaviour));

async function problem(what: Promise<unknown>): Promise<IProblem> {
  const error: unknown = await what.catch((thrown: unknown) => thrown);
  assert.ok(error instanceof RequestError);
  return error.problem;
}

test('words reach the magic as they are: quotes, braces, dollars, lines', () => {
  const code = magicCode(['set', `it's {1+1} $HOME "a"\n`]);
  const line: unknown = JSON.parse(code.slice(code.indexOf('("privguard")(') + '("privguard")('.length, -1));

  assert.equal(line, `'set' 'it'"'"'s {1+1} $HOME "a"\n'`);
  assert.ok(!code.includes('\n'));
});

test('what the magic printed is told, and what went to the error stream is not', async () => {
  assert.equal(await runMagic(kernel(printing('privguard: done\n')), ['status']), 'privguard: done');
  assert.equal(await runMagic(kernel(printing('warning', 'stderr')), ['status']), '');
});

test('an error of ours is said in its words, another one is not quoted', async () => {
  const failing = (evalue: string) => kernel(() => Promise.resolve({ status: 'error', evalue }));

  assert.equal((await problem(runMagic(failing('privguard: refused.'), []))).message, 'privguard: refused.');
  const other = await problem(runMagic(failing("KeyError: 'ana@example.org'"), []));
  assert.doesNotMatch(JSON.stringify(other), /example/);
});

test('without a kernel, and with one that ends first, it is said', async () => {
  assert.match((await problem(runMagic(null, []))).message, /no kernel/);
  assert.match((await problem(runMagic(new FakeContext(null), []))).message, /no kernel/);
  const ended = await problem(runMagic(kernel(() => Promise.reject(new Error('Canceled'))), []));
  assert.match(ended.message, /ended before/);
});

test('a revealed value is the text shown for the screen alone', async () => {
  const shows = (metadata: { [key: string]: unknown }): FakeContext =>
    kernel((_, tell) => {
      tell({ header: { msg_type: 'display_data' }, content: { data: { 'text/plain': 'Ana' }, metadata } });
      return Promise.resolve({ status: 'ok' });
    });

  assert.equal(await reveal(shows({ privguard: 'revealed' }), 'tok_1', 'case'), 'Ana');
  assert.equal(await reveal(shows({}), 'tok_1', 'case'), '');
});

test('only a plain name of a variable is put into code', async () => {
  const quiet = new FakeKernel('k1', printing('{"evidence": {}, "quasi": {"columns": [], "k": null, "unique_share": null}}'));
  const context = new FakeContext(quiet);

  await explain(context, 'größe_2');
  assert.match(quiet.codes[0] ?? '', /classify\(größe_2\)/);
  for (const name of ['a.b', 'a()', 'a;b', '2a', '', 'a\nb', 'df["x"]']) {
    assert.match((await problem(explain(context, name))).message, /no variable/);
  }
  assert.equal(quiet.codes.length, 1);
});

test('an explanation that is none is a problem', async () => {
  assert.match((await problem(explain(kernel(printing('oops')), 'df'))).message, /did not tell why/);
});
