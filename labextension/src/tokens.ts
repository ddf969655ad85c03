import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';

/** Whether the guard runs in a kernel: `absent` when it was never loaded, `off` when taken out. */
export type GuardState = 'on' | 'off' | 'refusing' | 'absent';

/** The guard of a kernel's newest session, as the log tells it. */
export interface IGuard {
  readonly state: GuardState;
  readonly tier: string | null;
  readonly reason: string | null;
  readonly policy: string | null;
  readonly assurance: string | null;
}

/** One column of a data set: what it holds, and what is done to it at each tier. */
export interface IColumn {
  readonly label: string;
  readonly entity: string | null;
  readonly class: string | null;
  /** How sure the classifier is, in percent. */
  readonly confidence: number | null;
  readonly action: { readonly [tier: string]: string | null };
}

/** A data set that the session loaded. */
export interface IDataset {
  readonly seq: number;
  readonly name: string;
  readonly source: string | null;
  readonly rows: number | null;
  readonly columns: readonly IColumn[];
}

/** One record of the log. */
export interface ILogEvent {
  readonly id: string;
  readonly seq: number;
  readonly time: string | null;
  readonly action: string | null;
  readonly outcome: string | null;
  readonly tier: string | null;
  readonly purpose: string | null;
  readonly experiment: string | null;
  readonly run: string | null;
  readonly reason: string | null;
  readonly execution_count: number | null;
  readonly datasets: readonly string[];
  readonly masked: { readonly [entity: string]: number };
}

/** The answer of `GET session/<kernel>`; data sets and events are news since `after`. */
export interface ISession {
  readonly kernel: string;
  readonly session: string | null;
  readonly guard: IGuard;
  readonly purpose: string | null;
  /** Experiments of the session, the one used last first. */
  readonly experiments: readonly string[];
  readonly datasets: readonly IDataset[];
  readonly events: readonly ILogEvent[];
  readonly next: number;
  readonly log: { readonly present: boolean; readonly size: number; readonly rewritten: boolean };
}

/** The answer of `POST report`. */
export interface IReport {
  readonly experiment: string;
  readonly file_name: string;
  readonly sha256: string;
  readonly html: string;
}

/** What went wrong, in the words of the server. */
export interface IProblem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** The two things that the model asks of the server; rejects with `RequestError`. */
export interface IApi {
  session(kernel: string, after: number): Promise<ISession>;
  report(experiment: string, notebook: string | null): Promise<IReport>;
}

/** Where the export of a compliance file stands. */
export type ExportState =
  | { readonly phase: 'none' }
  | { readonly phase: 'running' }
  | { readonly phase: 'done'; readonly fileName: string; readonly sha256: string }
  | { readonly phase: 'failed'; readonly problem: IProblem };

/** What there is to show about the notebook in front. */
export type View =
  | { readonly phase: 'no-notebook' }
  | { readonly phase: 'no-kernel' }
  | { readonly phase: 'loading' }
  | { readonly phase: 'ready'; readonly session: ISession }
  | { readonly phase: 'problem'; readonly problem: IProblem };

/** State of the panel; `changed` fires after each change of `view` or `exported`. */
export interface IPanelModel extends IDisposable {
  readonly notebook: string | null;
  readonly view: View;
  readonly exported: ExportState;
  readonly changed: ISignal<IPanelModel, void>;
  /** Only a visible panel asks the server. */
  setVisible(visible: boolean): void;
  exportReport(experiment: string): Promise<void>;
}
