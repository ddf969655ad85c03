import type { IKernel, IMessage, INotebookTracker, ISessionContext, NotebookPanel } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';

import type { IApi, IColumn, IDataset, ILogEvent, ISession } from '../src/tokens';

/** The clock of a page: nothing happens before somebody lets time pass. */
export class FakeWindow {
  private now = 0;
  private next = 1;
  private readonly waiting = new Map<number, { at: number; every: number | null; run: () => void }>();

  setTimeout = (run: () => void, ms: number): number => this.add(run, ms, null);
  setInterval = (run: () => void, ms: number): number => this.add(run, ms, ms);
  clearTimeout = (id: number): void => void this.waiting.delete(id);
  clearInterval = (id: number): void => void this.waiting.delete(id);

  get timers(): number {
    return this.waiting.size;
  }

  /** Let `ms` milliseconds pass, and all promises that what ran then waits for. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    for (;;) {
      const due = [...this.waiting].filter(([, timer]) => timer.at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
      if (due === undefined) {
        break;
      }
      const [id, timer] = due;
      this.now = timer.at;
      if (timer.every === null) {
        this.waiting.delete(id);
      } else {
        timer.at += timer.every;
      }
      timer.run();
      await settled();
    }
    this.now = until;
    await settled();
  }

  private add(run: () => void, ms: number, every: number | null): number {
    this.waiting.set(this.next, { at: this.now + ms, every, run });
    return this.next++;
  }
}

/** Until all promises that are ready have been taken up. */
export const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** Put a fresh page in place of the one before. */
export function freshPage(): { readonly page: FakeWindow; readonly document: { hidden: boolean } } {
  const page = new FakeWindow();
  const document = { hidden: false };
  Object.assign(globalThis, { window: page, document });
  return { page, document };
}

/** What a kernel does with code: messages, then how it ends; a rejected `done` is a kernel that ended first. */
export type Behaviour = (code: string, tell: (message: IMessage) => void) => Promise<{ status: string; evalue?: string }>;

export class FakeKernel implements IKernel {
  status = 'idle';
  readonly codes: string[] = [];

  constructor(
    readonly id: string,
    private readonly behaviour: Behaviour = () => Promise.resolve({ status: 'ok' })
  ) {}

  requestExecute(content: { code: string }): ReturnType<IKernel['requestExecute']> {
    this.codes.push(content.code);
    const future = { onIOPub: (_: IMessage): void => undefined };
    const done = settled()
      .then(() => this.behaviour(content.code, message => future.onIOPub(message)))
      .then(reply => ({ content: reply }));
    return Object.assign(future, { done });
  }
}

export class FakeContext implements ISessionContext {
  readonly kernelChanged: Signal<ISessionContext, object> = new Signal<ISessionContext, object>(this);
  readonly statusChanged: Signal<ISessionContext, string> = new Signal<ISessionContext, string>(this);
  session: { kernel: FakeKernel | null } | null;

  constructor(kernel: FakeKernel | null) {
    this.session = kernel && { kernel };
  }

  become(status: string): void {
    if (this.session?.kernel) {
      this.session.kernel.status = status;
    }
    this.statusChanged.emit(status);
  }
}

/** A notebook at `path` with cells of these ids. */
export class FakePanel implements NotebookPanel {
  readonly context: { readonly path: string };
  readonly content;
  scrolledTo = -1;

  constructor(
    path: string,
    readonly sessionContext: FakeContext,
    cells: readonly string[] = []
  ) {
    this.context = { path };
    this.content = {
      widgets: cells.map(id => ({ model: { id } })),
      activeCellIndex: 0,
      activate: (): void => undefined,
      scrollToItem: (index: number): Promise<void> => {
        this.scrolledTo = index;
        return Promise.resolve();
      }
    };
  }
}

export class FakeTracker implements INotebookTracker {
  readonly currentChanged: Signal<INotebookTracker, NotebookPanel | null> = new Signal<INotebookTracker, NotebookPanel | null>(this);

  constructor(public currentWidget: FakePanel | null) {}

  show(panel: FakePanel | null): void {
    this.currentWidget = panel;
    this.currentChanged.emit(panel);
  }
}

export const column = (label: string, more: Partial<IColumn> = {}): IColumn => ({
  label,
  entity: 'NONE',
  class: 'none',
  confidence: 95,
  action: { public: 'clear', internal: 'clear', compliance: 'clear' },
  ...more
});

export const dataset = (name: string, columns: readonly IColumn[], more: Partial<IDataset> = {}): IDataset => ({
  seq: 1,
  name,
  source: null,
  rows: 3,
  columns,
  ...more
});

export const event = (seq: number, more: Partial<ILogEvent> = {}): ILogEvent => ({
  id: `s1:${seq}`,
  seq,
  time: '2026-11-05T12:00:00Z',
  action: 'cell.run',
  outcome: 'ok',
  tier: 'public',
  purpose: null,
  experiment: null,
  run: `r${seq}`,
  reason: null,
  execution_count: seq,
  cell_id: null,
  datasets: [],
  columns: [],
  has_more_columns: false,
  masked: {},
  ...more
});

export const session = (more: Partial<ISession> = {}): ISession => ({
  kernel: 'k1',
  session: 's1',
  guard: { state: 'on', tier: 'public', reason: null, policy: 'built-in', assurance: 'os', person: 'ana' },
  purpose: null,
  last: { purpose: null, experiment: null, tier: 'public' },
  usage: [],
  experiments: [],
  datasets: [],
  events: [],
  next: 0,
  log: { present: true, size: 0, rewritten: false },
  ...more
});

/** Routes that answer nothing but what `more` says. */
export function fakeApi(more: Partial<IApi> = {}): IApi {
  const never = (): Promise<never> => new Promise(() => undefined);
  return {
    session: () => Promise.resolve(session()),
    report: never,
    reportNotebook: never,
    gaps: () => Promise.resolve({ present: true, hidden: 0, total: 0, gaps: [] }),
    models: () => Promise.resolve({ models: 0, total: 0, flags: [] }),
    verification: () => Promise.resolve({ checked: null, whole: null, size: 0, anchor: null, problem: null }),
    verify: never,
    entities: () => Promise.resolve([{ entity: 'AGE', class: 'pii' }]),
    requests: never,
    modelRequests: never,
    ask: never,
    answer: never,
    answerModel: never,
    experiment: never,
    ...more
  };
}
