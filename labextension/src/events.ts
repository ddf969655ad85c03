import type { ILogEvent } from './tokens';

/** What events are looked for; an empty text looks for all. */
export interface IWanted {
  /** The number of a cell's execution. */
  readonly cell: string;
  /** A part of a column's label. */
  readonly column: string;
  readonly action: string;
}

/** The events that are wanted, newest first. */
export function wantedEvents(events: readonly ILogEvent[], wanted: IWanted): readonly ILogEvent[] {
  const cell = wanted.cell.trim();
  const label = wanted.column.trim().toLowerCase();
  return events
    .filter(
      event =>
        (cell === '' || String(event.execution_count ?? '') === cell) &&
        (wanted.action === '' || event.action === wanted.action) &&
        // An event with more columns than it was sent with may hold the one that is looked for.
        (label === '' || event.has_more_columns || event.columns.some(one => one.toLowerCase().includes(label)))
    )
    .reverse();
}

/** The actions that occur, by name. */
export function actionsOf(events: readonly ILogEvent[]): readonly string[] {
  return [...new Set(events.map(event => event.action ?? ''))].sort();
}

/** How many values an event says were masked. */
export function maskedIn(event: ILogEvent): number {
  return Object.values(event.masked).reduce((total, count) => total + count, 0);
}

/** The local date and time of an RFC 3339 time; the text itself when it is none. */
export function moment(time: string | null): string {
  const date = new Date(time ?? '');
  return Number.isNaN(date.getTime()) ? (time ?? '–') : date.toLocaleString();
}

/** The local time of day of an RFC 3339 time; the text itself when it is none. */
export function clock(time: string | null): string {
  const date = new Date(time ?? '');
  return Number.isNaN(date.getTime()) ? (time ?? '–') : date.toLocaleTimeString(undefined, { hourCycle: 'h23' });
}
