import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { actionsOf, clock, maskedIn, moment, wantedEvents } from '../events';
import type { Doing, ILogEvent, IPanelModel, ISession, IVerification } from '../tokens';
import { ChoiceField, Fact, ProblemNote, TextField } from './common';
import { JumpButton } from './now';
import { WindowedTable } from './windowed';

const ROW_HEIGHT = 40;

/** The records of the session, newest first, and whether the log is whole. */
export function LogView(props: { session: ISession; model: IPanelModel; trans: TranslationBundle }): React.ReactElement {
  const { session, model, trans } = props;
  const { events } = session;
  const [cell, setCell] = React.useState('');
  const [column, setColumn] = React.useState('');
  const [action, setAction] = React.useState('');
  const [selected, select] = React.useState<string | null>(null);
  const shown = React.useMemo(() => wantedEvents(events, { cell, column, action }), [events, cell, column, action]);
  const actions = React.useMemo(() => actionsOf(events), [events]);
  const event = events.find(one => one.id === selected);
  return (
    <section aria-labelledby="privguard-log" className="privguard-Log">
      <h2 id="privguard-log">{trans.__('Log')}</h2>
      <VerificationBadge
        verification={model.verification}
        checking={model.checking}
        onVerify={() => void model.verify()}
        trans={trans}
      />
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
          shown.length === events.length
            ? trans.__('Events of this session, newest first: %1', shown.length)
            : trans.__('Events of this session, newest first: %1 of %2', shown.length, events.length)
        }
        header={
          <tr>
            <th scope="col">{trans.__('Time')}</th>
            <th scope="col">{trans.__('Event')}</th>
            <th scope="col">{trans.__('Outcome')}</th>
          </tr>
        }
        columns={3}
        count={shown.length}
        rowHeight={ROW_HEIGHT}
        row={index => {
          const one = shown[index] as ILogEvent;
          return (
            <EventRow
              key={one.seq}
              index={index}
              event={one}
              isSelected={one.id === selected}
              onSelect={() => select(one.id === selected ? null : one.id)}
              model={model}
              trans={trans}
            />
          );
        }}
      />
      {event !== undefined && <EventDetails event={event} trans={trans} />}
    </section>
  );
}

function VerificationBadge(props: {
  verification: IVerification | null;
  checking: Doing;
  onVerify: () => void;
  trans: TranslationBundle;
}): React.ReactElement {
  const { verification, checking, onVerify, trans } = props;
  const whole = verification?.whole ?? null;
  const isRunning = checking.phase === 'running';
  return (
    <div className="privguard-Verification" role="status">
      <div className="privguard-Buttons">
        <span className="privguard-Badge" data-whole={String(whole)}>
          {whole === null ? trans.__('not verified yet') : whole ? trans.__('verified') : trans.__('not whole')}
        </span>
        <button type="button" className="jp-mod-styled" disabled={isRunning} onClick={onVerify}>
          {isRunning ? trans.__('Verifying…') : trans.__('Verify now')}
        </button>
      </div>
      {/* Always there, so that nothing moves when the answer comes. */}
      <p className="privguard-Hint">
        {verification?.checked
          ? trans.__('%1, %2 records.', moment(verification.checked), verification.size)
          : trans.__('Recomputes every hash, number and signature.')}
      </p>
      {verification?.anchor && <p className="privguard-Hint">{verification.anchor}</p>}
      {verification?.problem && <ProblemNote problem={verification.problem} trans={trans} />}
      {checking.phase === 'failed' && <ProblemNote problem={checking.problem} trans={trans} />}
    </div>
  );
}

function EventRow(props: {
  index: number;
  event: ILogEvent;
  isSelected: boolean;
  onSelect: () => void;
  model: IPanelModel;
  trans: TranslationBundle;
}): React.ReactElement {
  const { index, event, isSelected, onSelect, model, trans } = props;
  const masked = maskedIn(event);
  const also = [
    masked > 0 && trans._n('%1 masked', '%1 masked', masked),
    event.purpose,
    event.datasets.join(', '),
    event.reason
  ].filter(Boolean);
  return (
    <tr data-outcome={event.outcome ?? ''} aria-rowindex={index + 2} style={{ height: ROW_HEIGHT }}>
      <td>
        <time dateTime={event.time ?? undefined}>{clock(event.time)}</time>
      </td>
      <td>
        <button type="button" className="privguard-Link privguard-Cut" aria-expanded={isSelected} onClick={onSelect}>
          {event.action}
          {event.execution_count !== null && ` [${event.execution_count}]`}
        </button>
        <span className="privguard-Entity privguard-Cut">{also.join(' · ')}</span>
      </td>
      <td>
        <span className="privguard-Outcome">{event.outcome ?? '–'}</span>
        {event.cell_id !== null && model.canJumpTo(event.cell_id) && (
          <JumpButton cellId={event.cell_id} model={model} trans={trans} />
        )}
      </td>
    </tr>
  );
}

/** All that the record says, where the row has no room for it. */
function EventDetails(props: { event: ILogEvent; trans: TranslationBundle }): React.ReactElement {
  const { event, trans } = props;
  const counts = Object.entries(event.masked).map(([entity, count]) => `${entity} ${count}`);
  const columns = event.columns.join(', ') + (event.has_more_columns ? ', …' : '');
  return (
    <div className="privguard-Details" role="group" aria-label={trans.__('Event %1', event.seq)}>
      <h3>{trans.__('Event %1', event.seq)}</h3>
      <dl>
        <Fact name={trans.__('Time')} value={moment(event.time)} />
        <Fact name={trans.__('Tier')} value={event.tier} />
        <Fact name={trans.__('Purpose')} value={event.purpose} />
        <Fact name={trans.__('Experiment')} value={event.experiment} />
        <Fact name={trans.__('Reason')} value={event.reason} />
        <Fact name={trans.__('Data sets')} value={event.datasets.join(', ')} />
        <Fact name={trans.__('Columns')} value={columns} />
        <Fact name={trans.__('Masked')} value={counts.join(', ')} />
      </dl>
    </div>
  );
}
