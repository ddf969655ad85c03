import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';

import type { Life } from './life';

/** Whether the guard runs in a kernel: `absent` when it was never loaded, `off` when taken out. */
export type GuardState = 'on' | 'off' | 'refusing' | 'absent';

/** The guard of a kernel's newest session, as the log tells it. */
export interface IGuard {
  readonly state: GuardState;
  readonly tier: string | null;
  readonly reason: string | null;
  readonly policy: string | null;
  readonly assurance: string | null;
  readonly person: string | null;
}

/** Purpose, experiment and tier of the cell that began last, or what they were changed to since. */
export interface ILast {
  readonly purpose: string | null;
  readonly experiment: string | null;
  readonly tier: string | null;
}

/** What cells did with a data set: its variables, and the columns that served for more than loading it. */
export interface IUsage {
  readonly name: string;
  readonly source: string | null;
  readonly variables: readonly string[];
  readonly columns: readonly string[];
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
  readonly cell_id: string | null;
  readonly datasets: readonly string[];
  readonly columns: readonly string[];
  readonly has_more_columns: boolean;
  readonly masked: { readonly [entity: string]: number };
}

/** The answer of `GET session/<kernel>`; data sets and events are news since `after`. */
export interface ISession {
  readonly kernel: string;
  readonly session: string | null;
  readonly guard: IGuard;
  readonly purpose: string | null;
  readonly last: ILast;
  readonly usage: readonly IUsage[];
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

/** The answer of `POST report/notebook`; `notebook` is the text of the file. */
export interface IReportNotebook {
  readonly experiment: string;
  readonly file_name: string;
  readonly sha256: string;
  readonly notebook: string;
}

/** What went wrong, in the words of the server. */
export interface IProblem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What the log of the kernels and that of the server do not tell alike. */
export interface IGap {
  readonly kind: string;
  readonly kernel: string | null;
  readonly cell_id: string | null;
  readonly sentence: string;
}

/** The answer of `GET gaps`: the newest gaps, of `total`. */
export interface IGaps {
  readonly present: boolean;
  readonly hidden: number;
  readonly total: number;
  readonly gaps: readonly IGap[];
}

/** One thing to look at in a model: an alias that no signed approval covers, or what is served. */
export interface IModelFlag {
  readonly model: string;
  readonly version: string;
  readonly alias: string | null;
  readonly problem: string;
  /** One sentence. */
  readonly says: string;
  readonly seqs: readonly number[];
}

/** The answer of `GET models`: the newest flags, of `total`. */
export interface IModels {
  readonly models: number;
  readonly total: number;
  readonly flags: readonly IModelFlag[];
}

/** The last full check of the log; `checked` is null before the first. */
export interface IVerification {
  readonly checked: string | null;
  readonly whole: boolean | null;
  readonly size: number;
  readonly anchor: string | null;
  readonly problem: IProblem | null;
}

/** What somebody else has to answer, and what became of it. */
export interface IRequest {
  readonly id: string;
  readonly state: 'pending' | 'granted' | 'denied' | 'expired';
  readonly missing: number;
  readonly by: string;
  readonly is_own: boolean;
  readonly may_answer: boolean;
  readonly reason: string;
  /** For how long. */
  readonly for: string;
  readonly asked: string;
  readonly until: string | null;
  readonly answered_by: readonly string[];
}

/** A request for a tier. */
export interface IAccessRequest extends IRequest {
  readonly tier: string;
  readonly dataset: string;
  readonly columns: readonly string[];
  readonly experiment: string | null;
  readonly purpose: string | null;
}

/** A request to approve one version of a model, its files and an alias that may point to it. */
export interface IModelRequest extends IRequest {
  readonly model: string;
  readonly version: string;
  readonly alias: string;
  readonly sha256: string;
  readonly reviewed: 'passed' | 'blocked' | 'none';
}

/** The answer of `GET requests` or `GET models/requests`; not `available` where the server runs under another account. */
export interface IRequests<T extends IRequest> {
  readonly available: boolean;
  readonly requests: readonly T[];
}

/** The body of `POST requests`. */
export interface IAsk {
  readonly tier: string;
  readonly dataset: string;
  readonly columns: readonly string[];
  readonly reason: string;
  readonly for: string;
}

/** The body of `POST requests/<id>` and `POST models/requests/<id>`; without `for` as long as was asked. */
export interface IAnswer {
  readonly grant: boolean;
  readonly reason: string;
  readonly for?: string;
}

/** The answer of `GET experiment`. */
export interface IOverview {
  readonly experiment: {
    readonly name: string;
    readonly began: string;
    readonly last: string;
    readonly closed: string | null;
    readonly events: number;
    readonly cells: { readonly [outcome: string]: number };
    readonly people: readonly string[];
    readonly tiers: readonly string[];
    readonly purposes: readonly string[];
    readonly datasets: readonly string[];
  };
  readonly controls: readonly {
    readonly framework: string;
    readonly id: string;
    readonly title: string;
    readonly status: string;
  }[];
}

/** What a column may be said to hold. */
export interface IEntity {
  readonly entity: string;
  readonly class: string;
}

/** The routes; all reject with `RequestError`. */
export interface IApi {
  session(kernel: string, after: number): Promise<ISession>;
  report(experiment: string, notebook: string | null): Promise<IReport>;
  reportNotebook(experiment: string, notebook: string | null): Promise<IReportNotebook>;
  gaps(): Promise<IGaps>;
  models(): Promise<IModels>;
  verification(): Promise<IVerification>;
  verify(): Promise<IVerification>;
  entities(): Promise<readonly IEntity[]>;
  requests(): Promise<IRequests<IAccessRequest>>;
  modelRequests(): Promise<IRequests<IModelRequest>>;
  ask(body: IAsk): Promise<{ readonly id: string; readonly message: string }>;
  answer(id: string, body: IAnswer): Promise<IAccessRequest>;
  answerModel(id: string, body: IAnswer): Promise<IModelRequest>;
  experiment(name: string): Promise<IOverview>;
}

/** Why columns have their classes, and how rare combinations of them are; measured in the kernel when asked for. */
export interface IExplanation {
  /** Sentences by column. */
  readonly evidence: { readonly [column: string]: readonly string[] };
  readonly quasi: { readonly columns: readonly string[]; readonly k: number | null; readonly unique_share: number | null };
}

/** Where something that a person asked for stands. */
export type Doing =
  | { readonly phase: 'none' }
  | { readonly phase: 'running' }
  | { readonly phase: 'done'; readonly text: string }
  | { readonly phase: 'failed'; readonly problem: IProblem };

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
  /** `problem` says why it may not be the newest. */
  | { readonly phase: 'ready'; readonly session: ISession; readonly problem: IProblem | null }
  | { readonly phase: 'problem'; readonly problem: IProblem };

/** As what a report is made: a file, a notebook, or a tab. */
export type Delivery = 'html' | 'notebook' | 'tab';

/** Hands a finished report to the person who asked for it. */
export interface IDelivery {
  file(name: string, content: string, type: string): void;
  tab(report: IReport): void;
}

/** State of the panel; `changed` fires after each change of what it holds. */
export interface IPanelModel extends IDisposable {
  readonly notebook: string | null;
  /** The id of the kernel of the notebook in front. */
  readonly kernel: string | null;
  readonly isBusy: boolean;
  readonly view: View;
  readonly exported: ExportState;
  readonly doing: Doing;
  /** Where the check of the log that was asked for stands; what it found is in `verification`. */
  readonly checking: Doing;
  readonly life: Life;
  readonly gaps: IGaps | null;
  readonly models: IModels | null;
  readonly verification: IVerification | null;
  readonly entities: readonly IEntity[];
  readonly api: IApi;
  readonly changed: ISignal<IPanelModel, void>;
  /** Only a model that somebody watches asks the server. */
  watch(who: string, isWatching: boolean): void;
  setIntervals(pollSeconds: number, gapSeconds: number): void;
  exportReport(experiment: string, delivery: Delivery): Promise<void>;
  verify(): Promise<void>;
  /** Run `%privguard WORDS` in the kernel; what came of it is in `doing`. */
  command(words: readonly string[]): Promise<void>;
  /** The explanation of a data set by its `seq`, once it was asked for. */
  explanation(seq: number): IExplanation | null;
  explain(seq: number, variable: string): Promise<void>;
  /** The value behind a handle, for the screen alone. */
  reveal(handle: string, reason: string): Promise<string>;
  canJumpTo(cellId: string | null): boolean;
  jumpTo(cellId: string): void;
}
