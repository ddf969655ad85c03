import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ILogEvent, IPanelModel, ISession, IVerification } from '../tokens';
import { ChoiceField, moment, TextField } from './common';
import { JumpButton } from './now';
import { WindowedTable } from './windowed';

const ROW_HEIGHT = 56;

/** The records of the session, newest first, and whether the log is whole. */
export function LogView(props: { session: ISession; model: IPanelModel; trans: TranslationBundle }): React.ReactElement {
  const { session, model, trans } = props;
  const [cell, setCell] = React.useState('');
  const [column, setColumn] = React.useState('');
  const [action, setAction] = React.useState('');
  const shown = React.useMemo(
    () => session.events.filter(event => isWanted(event, cell, column, action)).reverse(),
    [session.events, cell, column, action]
  );
  const actions = React.useMemo(
    () => [...new Set(session.events.map(event => event.action ?? ''))].sort(),
    [session.events]
  );
  return (
    <section aria-labelledby="privguard-log" className="privguard-Log">
      <h2 id="privguard-log">{trans.__('Log')}</h2>
      <VerificationBadge verification={model.verification} onVerify={() => void model.verify()} trans={trans} />
      <div className="privguard-Filters">
        <TextField label={trans.__('Cell')} value={cell} onChange={setCell} placeholder={trans.__('number')} />
        <TextField label={trans.__('Column')} value={column} onChange={setColumn} />
        <ChoiceField
          label={trans.__('Action')}
          value={action}
          choices={[['', trans.__('all')], ...actions.map(one => [one, one] as const)]}
          onChange={setAction}
        />
      </div>
      <WindowedTable
        label={trans.__('Events of this session')}
        caption={
          shown.length === session.events.length
            ? trans.__('Events of this session, newest first: %1', shown.length)
            : trans.__('Events of this session, newest first: %1 of %2', shown.length, session.events.length)
        }
        header={
          <tr>
            <th scope="col">{trans.__('Time')}</th>
            <th scope="col">{trans.__('Action')}</th>
            <th scope="col">{trans.__('Outcome')}</th>
            <th scope="col">{trans.__('Purpose')}</th>
          </tr>
        }
        columns={4}
        count={shown.length}
        rowHeight={ROW_HEIGHT}
        row={index => {
          const event = shown[index] as ILogEvent;
          return <EventRow key={event.seq} index={index} event={event} model={model} trans={trans} />;
        }}
      />
    </section>
  );
}

function VerificationBadge(props: {
  verification: IVerification | null;
  onVerify: () => void;
  trans: TranslationBundle;
}): React.ReactElement {
  const { verification, onVerify, trans } = props;
  const whole = verification?.whole ?? null;
  return (
    <div className="privguard-Verification" role="status">
      <span className="privguard-Badge" data-whole={String(whole)}>
        {whole === null ? trans.__('not verified yet') : whole ? trans.__('verified') : trans.__('not whole')}
      </span>{' '}
      {verification?.checked && trans.__('%1, %2 records.', moment(verification.checked), verification.size)}
      <button type="button" className="jp-mod-styled" onClick={onVerify}>
        {trans.__('Verify now')}
      </button>
      {verification?.anchor && <p className="privguard-Hint">{verification.anchor}</p>}
      {verification?.problem && <p className="privguard-Problem">{verification.problem.message}</p>}
    </div>
  );
}

function EventRow(props: {
  index: number;
  event: ILogEvent;
  model: IPanelModel;
  trans: TranslationBundle;
}): React.ReactElement {
  const { index, event, model, trans } = props;
  const masked = Object.values(event.masked).reduce((sum, count) => sum + count, 0);
  const also = [event.datasets.join(', '), masked > 0 && trans._n('%1 masked', '%1 masked', masked)].filter(Boolean);
  return (
    <tr
      data-outcome={event.outcome ?? ''}
      title={details(event, trans)}
      aria-rowindex={index + 2}
      style={{ height: ROW_HEIGHT }}
    >
      <td>
        <time dateTime={event.time ?? undefined}>{clock(event.time)}</time>
      </td>
      <td>
        <span className="privguard-Cut">
          {event.action}
          {event.execution_count !== null && ` [${event.execution_count}]`}
        </span>
        <span className="privguard-Entity privguard-Cut">{also.join(' · ')}</span>
        {event.cell_id !== null && model.canJumpTo(event.cell_id) && (
          <JumpButton cellId={event.cell_id} model={model} trans={trans} />
        )}
      </td>
      <td>
        <span className="privguard-Outcome">{event.outcome ?? '–'}</span>
      </td>
      <td>
        <span className="privguard-Cut">{event.purpose ?? '–'}</span>
      </td>
    </tr>
  );
}

function isWanted(event: ILogEvent, cell: string, column: string, action: string): boolean {
  const label = column.trim().toLowerCase();
  return (
    (cell.trim() === '' || String(event.execution_count) === cell.trim()) &&
    (action === '' || event.action === action) &&
    // An event with more columns than it was sent with may hold the one that is looked for.
    (label === '' || event.has_more_columns || event.columns.some(one => one.toLowerCase().includes(label)))
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
