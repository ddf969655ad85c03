import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ILogEvent } from '../tokens';

const SHOWN = 50;

/** The newest records of the log, newest first. */
export function LogView(props: { events: readonly ILogEvent[]; trans: TranslationBundle }): React.ReactElement {
  const { events, trans } = props;
  const newest = events.slice(-SHOWN).reverse();
  return (
    <section aria-labelledby="privguard-log" className="privguard-Log">
      <h2 id="privguard-log">{trans.__('Log')}</h2>
      <div className="privguard-Scroll" tabIndex={0} role="group" aria-label={trans.__('Events of this session')}>
        <table>
          <caption>
            {events.length > SHOWN
              ? trans.__('The newest %1 events of this session', SHOWN)
              : trans.__('Events of this session, newest first')}
          </caption>
          <thead>
            <tr>
              <th scope="col">{trans.__('Time')}</th>
              <th scope="col">{trans.__('Action')}</th>
              <th scope="col">{trans.__('Outcome')}</th>
              <th scope="col">{trans.__('Purpose')}</th>
            </tr>
          </thead>
          <tbody>
            {newest.map(event => (
              <EventRow key={event.seq} event={event} trans={trans} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function EventRow(props: { event: ILogEvent; trans: TranslationBundle }): React.ReactElement {
  const { event, trans } = props;
  const masked = Object.values(event.masked).reduce((sum, count) => sum + count, 0);
  return (
    <tr data-outcome={event.outcome ?? ''} title={details(event, trans)}>
      <td>
        <time dateTime={event.time ?? undefined}>{clock(event.time)}</time>
      </td>
      <td>
        {event.action}
        {event.execution_count !== null && ` [${event.execution_count}]`}
        {event.datasets.length > 0 && <span className="privguard-Entity">{event.datasets.join(', ')}</span>}
        {masked > 0 && <span className="privguard-Entity">{trans._n('%1 masked', '%1 masked', masked)}</span>}
      </td>
      <td>
        <span className="privguard-Outcome">{event.outcome ?? '–'}</span>
      </td>
      <td>{event.purpose ?? '–'}</td>
    </tr>
  );
}

/** What does not fit into the row: number, tier, experiment, reason, and counts by entity. */
function details(event: ILogEvent, trans: TranslationBundle): string {
  const counts = Object.entries(event.masked).map(([entity, count]) => `${entity} ${count}`);
  return [
    trans.__('Event %1', event.seq),
    event.tier && trans.__('tier %1', event.tier),
    event.experiment && trans.__('experiment %1', event.experiment),
    event.reason,
    counts.length > 0 && trans.__('masked: %1', counts.join(', '))
  ]
    .filter(Boolean)
    .join('\n');
}

/** The local time of day of an RFC 3339 time; the text itself when it is none. */
function clock(time: string | null): string {
  const date = new Date(time ?? '');
  return Number.isNaN(date.getTime()) ? (time ?? '–') : date.toLocaleTimeString(undefined, { hour12: false });
}
