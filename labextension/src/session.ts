import { isSensitive, keyOf, unusedIn } from './columns';
import type { IDataset, ILogEvent, IProblem, ISession, View } from './tokens';

const KEPT_EVENTS = 10_000;

/** `known` brought up to date by `news`; a new session or log leaves nothing of the old one. */
export function merge(known: ISession | null, news: ISession): ISession {
  if (known === null || known.session !== news.session || news.next < known.next) {
    return news;
  }
  // Lists without news stay the same ones, so that nothing is drawn anew for them.
  return {
    ...news,
    datasets: news.datasets.length === 0 ? known.datasets : mergedDatasets(known.datasets, news.datasets),
    events: news.events.length === 0 ? known.events : mergedEvents(known.events, news.events)
  };
}

function mergedDatasets(known: readonly IDataset[], news: readonly IDataset[]): readonly IDataset[] {
  const renewed = new Set(news.map(keyOf));
  return [...known.filter(dataset => !renewed.has(keyOf(dataset))), ...news];
}

function mergedEvents(known: readonly ILogEvent[], news: readonly ILogEvent[]): readonly ILogEvent[] {
  const ended = new Set(news.filter(event => event.action === 'cell.run').map(event => event.run));
  const kept = known.filter(event => event.action !== 'cell.start' || !ended.has(event.run));
  return [...kept, ...news].slice(-KEPT_EVENTS);
}

/** `session` as it is when the process of the session `ended` is gone: its guard went with it. */
export function withoutEnded(session: ISession, ended: string | null): ISession {
  return ended === null || session.session !== ended
    ? session
    : { ...session, guard: { ...session.guard, state: 'absent' } };
}

/** What to show once asking has failed: nobody there leaves what is known, anything else takes its place. */
export function afterFailure(view: View, problem: IProblem): View {
  return view.phase === 'ready' && problem.code === 'unreachable' ? { ...view, problem } : { phase: 'problem', problem };
}

/** The path on the server; null for a notebook on another drive, whose paths hold a colon. */
export function localPath(path: string | null): string | null {
  return path === null || path.includes(':') ? null : path;
}

/** What a session comes to, in numbers. */
export interface IGlance {
  readonly datasets: number;
  readonly columns: number;
  readonly sensitive: number;
  /** Sensitive columns that were loaded and that no cell used. */
  readonly unused: number;
  /** Values that were masked, and cells in which some were. */
  readonly masked: number;
  readonly maskedCells: number;
  readonly events: number;
  readonly refused: number;
  readonly alerts: number;
  /** The number of the newest event; what was verified before it was written leaves it out. */
  readonly newest: number;
}

/** What was classified, shown and logged in `session`. */
export function glance(session: ISession): IGlance {
  const columns = session.datasets.flatMap(dataset => dataset.columns);
  const counts = session.events
    .filter(event => event.action === 'cell.run')
    .map(event => sum(Object.values(event.masked)));
  return {
    datasets: session.datasets.length,
    columns: columns.length,
    sensitive: columns.filter(isSensitive).length,
    unused: sum(session.datasets.map(dataset => unusedIn(dataset, session.usage).length)),
    masked: sum(counts),
    maskedCells: counts.filter(count => count > 0).length,
    events: session.events.length,
    refused: session.events.filter(event => event.outcome === 'refused').length,
    alerts: session.events.filter(event => event.action === 'alert').length,
    newest: session.events.reduce((last, event) => Math.max(last, event.seq), 0)
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
