import type { INotebookTracker, ISessionContext, NotebookPanel } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import * as inKernel from './kernel';
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
    private readonly deliver: IDelivery
  ) {
    this.lasting = new Lasting(api, () => this._changed.emit());
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
    return this._exported;
  }

  get kernel(): string | null {
    return this.panel?.sessionContext.session?.kernel?.id ?? null;
  }

  get isBusy(): boolean {
    return this.panel?.sessionContext.session?.kernel?.status === 'busy';
  }

  get doing(): Doing {
    return this._doing;
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
    const panel = this.panel;
    this.setExported({ phase: 'running' });
    let state: ExportState;
    try {
      const { file_name, sha256 } = await this.made(experiment, localPath(panel?.context.path ?? null), delivery);
      state = { phase: 'done', fileName: file_name, sha256 };
    } catch (error) {
      state = { phase: 'failed', problem: problemOf(error) };
    }
    // An answer for a notebook that is no longer in front says nothing about the new one.
    if (panel === this.panel) {
      this.setExported(state);
    }
    void this.refresh();
  }

  private async made(
    experiment: string,
    notebook: string | null,
    delivery: Delivery
  ): Promise<{ readonly file_name: string; readonly sha256: string }> {
    if (delivery === 'notebook') {
      const made = await this.api.reportNotebook(experiment, notebook);
      this.deliver.file(made.file_name, made.notebook, 'application/x-ipynb+json');
      return made;
    }
    const report = await this.api.report(experiment, notebook);
    if (delivery === 'tab') {
      this.deliver.tab(report);
    } else {
      this.deliver.file(report.file_name, report.html, 'text/html;charset=utf-8');
    }
    return report;
  }

  async verify(): Promise<void> {
    await this.lasting.verify();
    void this.refreshGaps();
  }

  async command(words: readonly string[]): Promise<void> {
    await this.does(async () => inKernel.runMagic(this.context, words));
    void this.refresh();
  }

  explanation(seq: number): IExplanation | null {
    return this.explanations.get(seq) ?? null;
  }

  async explain(seq: number, variable: string): Promise<void> {
    await this.does(async () => {
      this.explanations.set(seq, await inKernel.explain(this.context, variable));
      return '';
    });
  }

  reveal(handle: string, reason: string): Promise<string> {
    return inKernel.reveal(this.context, handle, reason);
  }

  canJumpTo(cellId: string | null): boolean {
    return cellId !== null && this.placeOf(cellId) >= 0;
  }

  jumpTo(cellId: string): void {
    const place = this.placeOf(cellId);
    if (this.panel !== null && place >= 0) {
      this.panel.content.activeCellIndex = place;
      void this.panel.content.scrollToItem(place, 'center');
      this.panel.content.activate();
    }
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
    this._exported = { phase: 'none' };
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
    this.explanations.clear();
    this._doing = { phase: 'none' };
    this._life = 'runs';
    this.ended = null;
    this.setView(this.panel === null ? { phase: 'no-notebook' } : { phase: this.kernel ? 'loading' : 'no-kernel' });
    void this.refresh();
  }

  private get context(): ISessionContext | null {
    return this.panel?.sessionContext ?? null;
  }

  private placeOf(cellId: string): number {
    return this.panel?.content.widgets.findIndex(cell => cell.model.id === cellId) ?? -1;
  }

  /** Do one thing at a time, and say what came of it unless another notebook or kernel is in front by then. */
  private async does(what: () => Promise<string>): Promise<void> {
    if (this._doing.phase === 'running') {
      return;
    }
    const generation = this.generation;
    this.setDoing({ phase: 'running' });
    let doing: Doing;
    try {
      doing = { phase: 'done', text: await what() };
    } catch (error) {
      doing = { phase: 'failed', problem: problemOf(error) };
    }
    if (generation === this.generation) {
      this.setDoing(doing);
    }
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

  private setDoing(doing: Doing): void {
    this._doing = doing;
    this._changed.emit();
  }

  private setExported(state: ExportState): void {
    this._exported = state;
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
  private readonly explanations = new Map<number, IExplanation>();
  /** The session whose process is known to be gone. */
  private ended: string | null = null;
  private _isDisposed = false;
  private _view: View = { phase: 'no-notebook' };
  private _exported: ExportState = { phase: 'none' };
  private _doing: Doing = { phase: 'none' };
  private _life: Life = 'runs';
  private readonly _changed = new Signal<IPanelModel, void>(this);
}
