import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { PanelModel } from '../src/model';
import { RequestError } from '../src/problems';
import type { IApi, IReport, ISession } from '../src/tokens';
import { event, fakeApi, FakeContext, FakeKernel, FakePanel, FakeTracker, freshPage, session, settled } from './fakes';
import type { FakeWindow } from './fakes';

let page: FakeWindow;
let shown: { hidden: boolean };

beforeEach(() => {
  ({ page, document: shown } = freshPage());
});

const notebook = (kernel: string | null, path = 'a.ipynb', cells: readonly string[] = []): FakePanel =>
  new FakePanel(path, new FakeContext(kernel === null ? null : new FakeKernel(kernel)), cells);

interface IMade {
  readonly model: PanelModel;
  readonly tracker: FakeTracker;
  readonly files: string[];
  readonly tabs: IReport[];
}

function made(panel: FakePanel | null, more: Partial<IApi> = {}): IMade {
  const tracker = new FakeTracker(panel);
  const files: string[] = [];
  const tabs: IReport[] = [];
  const deliver = { file: (name: string) => void files.push(name), tab: (report: IReport) => void tabs.push(report) };
  return { model: new PanelModel(tracker, fakeApi(more), deliver), tracker, files, tabs };
}

const phase = (model: PanelModel): string => model.view.phase;
const kernelOf = (model: PanelModel): string | undefined =>
  model.view.phase === 'ready' ? model.view.session.kernel : undefined;
const guard = (model: PanelModel): string | undefined =>
  model.view.phase === 'ready' ? model.view.session.guard.state : undefined;

test('nobody is asked until somebody watches', async () => {
  let asked = 0;
  const { model } = made(notebook('k1'), { session: () => (asked++, Promise.resolve(session())) });
  await page.pass(60_000);
  assert.deepEqual([asked, model.view.phase], [0, 'loading']);

  model.watch('panel', true);
  await settled();
  assert.deepEqual([asked, model.view.phase], [1, 'ready']);
  await page.pass(10_000);
  assert.equal(asked, 3);
  model.watch('panel', false);
  await page.pass(60_000);
  assert.equal(asked, 3);
});

test('a page that nobody sees asks nothing', async () => {
  let asked = 0;
  const { model } = made(notebook('k1'), { session: () => (asked++, Promise.resolve(session())) });
  model.watch('panel', true);
  await settled();
  shown.hidden = true;
  await page.pass(60_000);

  assert.equal(asked, 1);
});

test('only news are asked for, and they are added', async () => {
  const after: number[] = [];
  const { model } = made(notebook('k1'), {
    session: (_, since) => (after.push(since), Promise.resolve(session({ events: [event(since + 1)], next: since + 1 })))
  });
  model.watch('panel', true);
  await page.pass(5_000);

  assert.deepEqual(after, [0, 1]);
  assert.deepEqual(model.view.phase === 'ready' && model.view.session.events.map(one => one.seq), [1, 2]);
});

test('one request at a time, and wishes that come meanwhile are served by one more', async () => {
  const answers: ((answer: ISession) => void)[] = [];
  const { model } = made(notebook('k1'), { session: () => new Promise(resolve => answers.push(resolve)) });
  model.watch('panel', true);
  model.watch('status', true);
  await page.pass(20_000);
  assert.equal(answers.length, 1);

  answers[0]?.(session());
  await settled();
  assert.equal(answers.length, 2);
});

test('a late answer for the notebook before is dropped', async () => {
  const answers: ((answer: ISession) => void)[] = [];
  const { model, tracker } = made(notebook('k1'), { session: () => new Promise(resolve => answers.push(resolve)) });
  model.watch('panel', true);
  tracker.show(notebook('k2', 'b.ipynb'));
  answers[0]?.(session({ kernel: 'k1' }));
  await settled();
  assert.equal(phase(model), 'loading');

  answers[1]?.(session({ kernel: 'k2' }));
  await settled();
  assert.equal(kernelOf(model), 'k2');
});

test('without a notebook and without a kernel it says so', () => {
  const { model, tracker } = made(null);
  assert.equal(model.view.phase, 'no-notebook');

  tracker.show(notebook(null));
  assert.equal(model.view.phase, 'no-kernel');
});

test('a kernel that dies has no guard from then on, whatever the log still says, until one is loaded anew', async () => {
  let answer = session();
  const panel = notebook('k1');
  const { model } = made(panel, { session: () => Promise.resolve(answer) });
  model.watch('panel', true);
  await settled();
  panel.sessionContext.become('restarting');
  panel.sessionContext.become('autorestarting');
  assert.deepEqual([guard(model), model.life], ['absent', 'died']);
  await page.pass(10_000);
  assert.deepEqual([guard(model), model.life], ['absent', 'died']);

  answer = session({ session: 's2' });
  await page.pass(5_000);
  assert.deepEqual([guard(model), model.life], ['on', 'runs']);
});

test('a restart that was asked for ends the guard, and is no death', async () => {
  const panel = notebook('k1');
  const { model } = made(panel);
  model.watch('panel', true);
  await settled();
  panel.sessionContext.become('restarting');

  assert.deepEqual([guard(model), model.life], ['absent', 'runs']);
});

test('gaps are looked for soon after a death, not at the next round only', async () => {
  let looked = 0;
  const panel = notebook('k1');
  const gaps = { present: true, hidden: 0, total: 0, gaps: [] };
  const { model } = made(panel, { gaps: () => (looked++, Promise.resolve(gaps)) });
  model.watch('panel', true);
  await settled();
  panel.sessionContext.become('dead');
  await page.pass(4_000);

  assert.deepEqual([looked, model.life], [2, 'dead']);
});

test('a server that is away for a while takes nothing away, and what is typed stays', async () => {
  let isAway = false;
  const away = new RequestError({ code: 'unreachable', message: 'privguard: away.', hint: '' });
  const { model } = made(notebook('k1'), { session: () => (isAway ? Promise.reject(away) : Promise.resolve(session())) });
  model.watch('panel', true);
  await settled();
  isAway = true;
  await page.pass(5_000);
  assert.deepEqual(model.view.phase === 'ready' && model.view.problem, away.problem);

  isAway = false;
  await page.pass(5_000);
  assert.equal(model.view.phase === 'ready' && model.view.problem, null);
});

test('a check of the log is said while it runs and when it fails, and runs once', async () => {
  let asked = 0;
  let end: (error: RequestError) => void = () => undefined;
  const { model } = made(notebook('k1'), { verify: () => (asked++, new Promise((_, reject) => (end = reject))) });
  void model.verify();
  void model.verify();
  assert.deepEqual([asked, model.checking.phase], [1, 'running']);

  end(new RequestError({ code: 'log_damaged', message: 'privguard: damaged.', hint: '' }));
  await settled();
  assert.equal(model.checking.phase === 'failed' && model.checking.problem.code, 'log_damaged');
});

test('a report is handed over as it was asked for', async () => {
  const report = { experiment: 'e', file_name: 'e.html', sha256: 'abc', html: '<p>' };
  const asked: (string | null)[] = [];
  const { model, files, tabs } = made(notebook('k1', 'drive:a.ipynb'), {
    report: (_, path) => (asked.push(path), Promise.resolve(report)),
    reportNotebook: () => Promise.resolve({ ...report, file_name: 'e.ipynb', notebook: '{}' })
  });
  for (const delivery of ['html', 'notebook', 'tab'] as const) {
    await model.exportReport('e', delivery);
    assert.equal(model.exported.phase, 'done');
  }

  assert.deepEqual([files, tabs.length, asked], [['e.html', 'e.ipynb'], 1, [null, null]]);
});

test('an export that ends after the notebook changed says nothing about the new one', async () => {
  let end: (report: IReport) => void = () => undefined;
  const { model, tracker } = made(notebook('k1'), { report: () => new Promise(resolve => (end = resolve)) });
  const running = model.exportReport('e', 'html');
  tracker.show(notebook('k2', 'b.ipynb'));
  end({ experiment: 'e', file_name: 'e.html', sha256: '', html: '' });
  await running;

  assert.equal(model.exported.phase, 'none');
});

test('an explanation that comes after the kernel changed is not said of the new one', async () => {
  let end: (answer: { status: string }) => void = () => undefined;
  const slow = new FakeKernel('k1', (_, tell) => {
    tell({ header: { msg_type: 'stream' }, content: { name: 'stdout', text: '{"evidence": {}, "quasi": {}}' } });
    return new Promise(resolve => (end = resolve));
  });
  const { model, tracker } = made(new FakePanel('a.ipynb', new FakeContext(slow)));
  const running = model.explain(7, 'df');
  await settled();
  tracker.show(notebook('k2', 'b.ipynb'));
  end({ status: 'ok' });
  await running;

  assert.deepEqual([model.explanation(7), model.doing.phase], [null, 'none']);
});

test('one leads to cells of the notebook in front only', () => {
  const panel = notebook('k1', 'a.ipynb', ['c0', 'c1']);
  const { model } = made(panel);
  assert.deepEqual([model.canJumpTo('c1'), model.canJumpTo('c9'), model.canJumpTo(null)], [true, false, false]);

  model.jumpTo('c9');
  assert.equal(panel.scrolledTo, -1);
  model.jumpTo('c1');
  assert.deepEqual([panel.scrolledTo, panel.content.activeCellIndex], [1, 1]);
});

test('nothing runs on once the model is disposed of', async () => {
  let asked = 0;
  const { model } = made(notebook('k1'), { session: () => (asked++, Promise.resolve(session())) });
  model.watch('panel', true);
  await settled();
  model.dispose();
  model.dispose();
  await page.pass(120_000);

  assert.deepEqual([asked, page.timers], [1, 0]);
});
