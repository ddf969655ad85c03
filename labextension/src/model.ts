import type { INotebookTracker, ISessionContext, NotebookPanel } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { canJumpTo, jumpTo } from './cells';
import { Exporting } from './exporting';
import { Lasting } from './lasting';
import { endsProcess, lifeAfter } from './life';
import type { Life } from './life';
import { problemOf } from './problems';
import { afterFailure, localPath, merge, withoutEnded } from './session';
import type {
  Delivery,
  Doing,
  ExportState,
  IApi,
  IDelivery,
  IEntity,
  IExplanation,
  IGaps,
  IModels,
  IPanelModel,
  IProblem,
  ISession,
  IVerification,
  View
} from './tokens';
import { KernelWork } from './work';

const POLL_S = 5;
const GAPS_S = 60;
/** Several signals of one run become one request. */
const SETTLE_MS = 150;
/** The server needs a moment to write what has passed it. */
const GAPS_SETTLE_MS = 3000;

/** Follows the notebook in front and keeps what the log says about its kernel. */
export class PanelModel implements IPanelModel {
  /** `deliver` hands each finished report to the user. */
  constructor(
    private readonly tracker: INotebookTracker,
    readonly api: IApi,
    deliver: IDelivery
  ) {
    const onChange = (): void => this._changed.emit();
    this.lasting = new Lasting(api, onChange);
    this.exporting = new Exporting(api, deliver, onChange);
    this.work = new KernelWork(() => this.panel?.sessionContext ?? null, onChange);
    tracker.currentChanged.connect(this.follow, this);
    this.setIntervals(POLL_S, GAPS_S);
    this.follow(tracker, tracker.currentWidget);
  }

  get notebook(): string | null {
    return this.panel?.context.path ?? null;
  }

  get view(): View {
    return this._view;
  }

  get exported(): ExportState {
    return this.exporting.state;
  }

  get kernel(): string | null {
    return this.panel?.sessionContext.session?.kernel?.id ?? null;
  }

  get isBusy(): boolean {
    return this.panel?.sessionContext.session?.kernel?.status === 'busy';
  }

  get doing(): Doing {
    return this.work.doing;
  }

  get checking(): Doing {
    return this.lasting.checking;
  }

  get life(): Life {
    return this._life;
  }

  get gaps(): IGaps | null {
    return this.lasting.gaps;
  }

  get models(): IModels | null {
    return this.lasting.models;
  }

  get verification(): IVerification | null {
    return this.lasting.verification;
  }

  get entities(): readonly IEntity[] {
    return this.lasting.entities;
  }

  get changed(): ISignal<IPanelModel, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  watch(who: string, isWatching: boolean): void {
    if (isWatching) {
      this.watchers.add(who);
      void this.refresh();
      void this.lasting.refresh();
    } else {
      this.watchers.delete(who);
    }
  }

  setIntervals(pollSeconds: number, gapSeconds: number): void {
    this.timers.splice(0).forEach(timer => window.clearInterval(timer));
    this.timers.push(window.setInterval(() => this.poll(), pollSeconds * 1000));
    this.timers.push(window.setInterval(() => void this.refreshGaps(), gapSeconds * 1000));
  }

  async exportReport(experiment: string, delivery: Delivery): Promise<void> {
    await this.exporting.run(experiment, localPath(this.notebook), delivery);
    void this.refresh();
  }

  async verify(): Promise<void> {
    await this.lasting.verify();
    void this.refreshGaps();
  }

  async command(words: readonly string[]): Promise<void> {
    await this.work.command(words);
    void this.refresh();
  }

  explanation(seq: number): IExplanation | null {
    return this.work.explanation(seq);
  }

  explain(seq: number, variable: string): Promise<void> {
    return this.work.explain(seq, variable);
  }

  reveal(handle: string, reason: string): Promise<string> {
    return this.work.reveal(handle, reason);
  }

  canJumpTo(cellId: string | null): boolean {
    return canJumpTo(this.panel, cellId);
  }

  jumpTo(cellId: string): void {
    jumpTo(this.panel, cellId);
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this.timers.forEach(timer => window.clearInterval(timer));
    window.clearTimeout(this.settling);
    window.clearTimeout(this.lookingForGaps);
    this.tracker.currentChanged.disconnect(this.follow, this);
    Signal.clearData(this);
  }

  private follow(_: INotebookTracker, panel: NotebookPanel | null): void {
    // Disposing of a notebook clears its signals, and its place is taken by the next one or none.
    if (this.panel) {
      this.panel.sessionContext.statusChanged.disconnect(this.onStatus, this);
      this.panel.sessionContext.kernelChanged.disconnect(this.onKernel, this);
    }
    this.panel = panel;
    panel?.sessionContext.statusChanged.connect(this.onStatus, this);
    panel?.sessionContext.kernelChanged.connect(this.onKernel, this);
    this.exporting.startOver();
    this.startOver();
  }

  private onKernel(): void {
    this.startOver();
  }

  private onStatus(_: ISessionContext, status: string): void {
    const isOver = endsProcess(status);
    this._life = lifeAfter(this._life, status);
    if (isOver) {
      this.endSession();
    }
    if (status === 'idle' || isOver) {
      window.clearTimeout(this.settling);
      this.settling = window.setTimeout(() => this.poll(), SETTLE_MS);
    }
    if (status === 'idle' || status === 'busy' || isOver) {
      this._changed.emit();
    }
    const isGuarded = this._view.phase === 'ready' && this._view.session.guard.state === 'on';
    if (isOver || (status === 'idle' && !isGuarded)) {
      window.clearTimeout(this.lookingForGaps);
      this.lookingForGaps = window.setTimeout(() => void this.refreshGaps(), GAPS_SETTLE_MS);
    }
  }

  /** The process is gone, and its guard with it, whatever the log was told last. */
  private endSession(): void {
    if (this._view.phase === 'ready') {
      this.ended = this._view.session.session;
      this._view = { ...this._view, session: withoutEnded(this._view.session, this.ended) };
    }
  }

  private startOver(): void {
    this.generation += 1;
    this.work.startOver();
    this._life = 'runs';
    this.ended = null;
    this.setView(this.panel === null ? { phase: 'no-notebook' } : { phase: this.kernel ? 'loading' : 'no-kernel' });
    void this.refresh();
  }

  private async refreshGaps(): Promise<void> {
    if (this.isWatched && !document.hidden) {
      await this.lasting.refreshGaps();
    }
  }

  private get isWatched(): boolean {
    return this.watchers.size > 0 && !this._isDisposed;
  }

  private poll(): void {
    if (!document.hidden) {
      void this.refresh();
    }
  }

  /** One request at a time; a wish that comes meanwhile is served once more afterwards. */
  private async refresh(): Promise<void> {
    const kernel = this.kernel;
    if (!this.isWatched || kernel === null) {
      return;
    }
    if (this.asking) {
      this.askAgain = true;
      return;
    }
    this.asking = true;
    const generation = this.generation;
    const known = this._view.phase === 'ready' ? this._view.session : null;
    let answer: ISession | IProblem;
    try {
      answer = merge(known, await this.api.session(kernel, known?.next ?? 0));
    } catch (error) {
      answer = problemOf(error);
    }
    this.asking = false;
    if (generation === this.generation && !this._isDisposed) {
      this.setView(this.viewOf(answer));
    }
    if (this.askAgain) {
      this.askAgain = false;
      void this.refresh();
    }
  }

  private viewOf(answer: ISession | IProblem): View {
    if (!('kernel' in answer)) {
      return afterFailure(this._view, answer);
    }
    if (answer.session !== this.ended && answer.session !== null) {
      this._life = 'runs';
    }
    return { phase: 'ready', session: withoutEnded(answer, this.ended), problem: null };
  }

  private setView(view: View): void {
    this._view = view;
    this._changed.emit();
  }

  private panel: NotebookPanel | null = null;
  private readonly watchers = new Set<string>();
  private asking = false;
  private askAgain = false;
  /** Counts notebooks and kernels, so that a late answer for an earlier one is dropped. */
  private generation = 0;
  private settling = 0;
  private lookingForGaps = 0;
  private readonly timers: number[] = [];
  private readonly lasting: Lasting;
  private readonly exporting: Exporting;
  private readonly work: KernelWork;
  /** The session whose process is known to be gone. */
  private ended: string | null = null;
  private _isDisposed = false;
  private _view: View = { phase: 'no-notebook' };
  private _life: Life = 'runs';
  private readonly _changed = new Signal<IPanelModel, void>(this);
}
