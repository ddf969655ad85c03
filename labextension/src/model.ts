import type { INotebookTracker, ISessionContext, NotebookPanel } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestError } from './api';
import type { ExportState, IApi, IPanelModel, IProblem, IReport, ISession, View } from './tokens';

const POLL_MS = 5000;
/** Several signals of one run become one request. */
const SETTLE_MS = 150;
const KEPT_EVENTS = 200;

/** Follows the notebook in front and keeps what the log says about its kernel. */
export class PanelModel implements IPanelModel {
  /** `save` is given each finished report, to hand it to the user. */
  constructor(
    tracker: INotebookTracker,
    private readonly api: IApi,
    private readonly save: (report: IReport) => void
  ) {
    tracker.currentChanged.connect(this.follow, this);
    this.timer = window.setInterval(() => this.poll(), POLL_MS);
    this.follow(tracker, tracker.currentWidget);
  }

  get notebook(): string | null {
    return this.panel?.context.path ?? null;
  }

  get view(): View {
    return this._view;
  }

  get exported(): ExportState {
    return this._exported;
  }

  get changed(): ISignal<IPanelModel, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    if (visible) {
      void this.refresh();
    }
  }

  async exportReport(experiment: string): Promise<void> {
    const panel = this.panel;
    this.setExported({ phase: 'running' });
    let state: ExportState;
    try {
      const report = await this.api.report(experiment, localPath(panel));
      this.save(report);
      state = { phase: 'done', fileName: report.file_name, sha256: report.sha256 };
    } catch (error) {
      state = { phase: 'failed', problem: problemOf(error) };
    }
    // An answer for a notebook that is no longer in front says nothing about the new one.
    if (panel === this.panel) {
      this.setExported(state);
    }
    void this.refresh();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    window.clearInterval(this.timer);
    window.clearTimeout(this.settling);
    Signal.clearData(this);
  }

  private follow(_: INotebookTracker, panel: NotebookPanel | null): void {
    if (this.panel) {
      this.panel.sessionContext.statusChanged.disconnect(this.onStatus, this);
      this.panel.sessionContext.kernelChanged.disconnect(this.onKernel, this);
    }
    this.panel = panel;
    panel?.sessionContext.statusChanged.connect(this.onStatus, this);
    panel?.sessionContext.kernelChanged.connect(this.onKernel, this);
    this._exported = { phase: 'none' };
    this.startOver();
  }

  private onKernel(): void {
    this.startOver();
  }

  private onStatus(_: ISessionContext, status: string): void {
    if (status === 'idle' || status === 'restarting' || status === 'dead') {
      window.clearTimeout(this.settling);
      this.settling = window.setTimeout(() => this.poll(), SETTLE_MS);
    }
  }

  private startOver(): void {
    this.generation += 1;
    this.setView(this.panel === null ? { phase: 'no-notebook' } : { phase: this.kernel ? 'loading' : 'no-kernel' });
    void this.refresh();
  }

  private get kernel(): string | null {
    return this.panel?.sessionContext.session?.kernel?.id ?? null;
  }

  private poll(): void {
    if (!document.hidden) {
      void this.refresh();
    }
  }

  /** One request at a time; a wish that comes meanwhile is served once more afterwards. */
  private async refresh(): Promise<void> {
    const kernel = this.kernel;
    if (!this.visible || this._isDisposed || kernel === null) {
      return;
    }
    if (this.asking) {
      this.askAgain = true;
      return;
    }
    this.asking = true;
    const generation = this.generation;
    const known = this._view.phase === 'ready' ? this._view.session : null;
    let view: View;
    try {
      view = { phase: 'ready', session: merge(known, await this.api.session(kernel, known?.next ?? 0)) };
    } catch (error) {
      view = { phase: 'problem', problem: problemOf(error) };
    }
    this.asking = false;
    if (generation === this.generation && !this._isDisposed) {
      this.setView(view);
    }
    if (this.askAgain) {
      this.askAgain = false;
      void this.refresh();
    }
  }

  private setView(view: View): void {
    this._view = view;
    this._changed.emit();
  }

  private setExported(state: ExportState): void {
    this._exported = state;
    this._changed.emit();
  }

  private panel: NotebookPanel | null = null;
  private visible = false;
  private asking = false;
  private askAgain = false;
  /** Counts notebooks and kernels, so that a late answer for an earlier one is dropped. */
  private generation = 0;
  private settling = 0;
  private readonly timer: number;
  private _isDisposed = false;
  private _view: View = { phase: 'no-notebook' };
  private _exported: ExportState = { phase: 'none' };
  private readonly _changed = new Signal<IPanelModel, void>(this);
}

/** `known` brought up to date by `news`; a new session or log leaves nothing of the old one. */
function merge(known: ISession | null, news: ISession): ISession {
  if (known === null || known.session !== news.session || news.next < known.next) {
    return news;
  }
  const key = (dataset: { name: string; source: string | null }) => JSON.stringify([dataset.name, dataset.source]);
  const renewed = new Set(news.datasets.map(key));
  const ended = new Set(news.events.filter(event => event.action === 'cell.run').map(event => event.run));
  const kept = known.events.filter(event => event.action !== 'cell.start' || !ended.has(event.run));
  return {
    ...news,
    datasets: [...known.datasets.filter(dataset => !renewed.has(key(dataset))), ...news.datasets],
    events: [...kept, ...news.events].slice(-KEPT_EVENTS)
  };
}

/** The path on the server; null for a notebook on another drive, whose paths hold a colon. */
function localPath(panel: NotebookPanel | null): string | null {
  const path = panel?.context.path ?? null;
  return path === null || path.includes(':') ? null : path;
}

function problemOf(error: unknown): IProblem {
  if (error instanceof RequestError) {
    return error.problem;
  }
  return {
    code: 'failed',
    message: 'privguard: the panel failed to read the answer.',
    hint: 'Reload the page; the console of the browser has more.'
  };
}
