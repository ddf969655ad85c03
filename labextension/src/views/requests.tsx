import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { moment } from '../events';
import { problemOf } from '../problems';
import type { IAccessRequest, IAccessRequests, IPanelModel, IProblem, ISession } from '../tokens';
import { ChoiceField, DoingNote, Note, ProblemNote, TextField, useDoing } from './common';

const LOOK_MS = 10_000;
/** As long as the kernel shows it in a cell. */
const SHOWN_MS = 30_000;

interface IRequestsProps {
  session: ISession;
  model: IPanelModel;
  trans: TranslationBundle;
}

/** Requests of this account and those that it may answer; a form to ask, and one to reveal a single value. */
export function RequestsView(props: IRequestsProps): React.ReactElement {
  const { session, model, trans } = props;
  const [known, setKnown] = React.useState<IAccessRequests | null>(null);
  const [problem, setProblem] = React.useState<IProblem | null>(null);
  const look = React.useCallback(async () => {
    try {
      setKnown(await model.api.requests());
      setProblem(null);
    } catch (error) {
      setProblem(problemOf(error));
    }
  }, [model]);
  React.useEffect(() => {
    void look();
    const timer = window.setInterval(() => document.hidden || void look(), LOOK_MS);
    return () => window.clearInterval(timer);
  }, [look]);
  const newest = [...(known?.requests ?? [])].reverse();
  return (
    <section aria-labelledby="privguard-requests" className="privguard-Requests">
      <h2 id="privguard-requests">{trans.__('Requests')}</h2>
      {problem !== null && <ProblemNote problem={problem} trans={trans} />}
      {known?.available === false && (
        <Note
          text={trans.__('This server runs under another account than yours. Use `privguard approval` in a terminal of your own.')}
        />
      )}
      {known?.available && newest.length === 0 && (
        <p className="privguard-Hint">{trans.__('Nothing is asked of you, and you have asked for nothing.')}</p>
      )}
      <ul className="privguard-List">
        {newest.map(request => (
          <RequestItem key={request.id} request={request} model={model} onChange={look} trans={trans} />
        ))}
      </ul>
      {known?.available && <AskForm session={session} model={model} onChange={look} trans={trans} />}
      {session.guard.state === 'on' && <RevealForm model={model} trans={trans} />}
    </section>
  );
}

function RequestItem(props: {
  request: IAccessRequest;
  model: IPanelModel;
  onChange: () => Promise<void>;
  trans: TranslationBundle;
}): React.ReactElement {
  const { request, model, onChange, trans } = props;
  const [reason, setReason] = React.useState('');
  const [term, setTerm] = React.useState('');
  const [doing, start] = useDoing();
  const isOpen = request.state === 'pending' || request.state === 'granted';
  const answer = (grant: boolean): void =>
    start(async () => {
      const shorter = grant && term.trim() !== '' ? { for: term.trim() } : {};
      await model.api.answer(request.id, { grant, reason: reason.trim(), ...shorter });
      await onChange();
      return grant ? trans.__('Approved.') : trans.__('Denied.');
    });
  const isReady = reason.trim() !== '' && doing.phase !== 'running';
  return (
    <li data-state={request.state} data-request={request.id}>
      <p>
        <span className="privguard-Badge" data-request-state={request.state}>
          {requestState(request, trans)}
        </span>{' '}
        {trans.__('%1 asks for tier %2 on %3 (%4), for %5.', request.by, request.tier, request.dataset, columnsOf(request, trans), request.for)}
      </p>
      <p className="privguard-Hint">
        {request.reason}
        {request.until !== null && ` · ${trans.__('until %1', moment(request.until))}`}
        {request.answered_by.length > 0 && ` · ${trans.__('answered by %1', request.answered_by.join(', '))}`}
      </p>
      {isOpen && (request.is_own || request.may_answer) && (
        <div className="privguard-Form" role="group" aria-label={trans.__('Answer to request %1', request.id)}>
          <TextField label={trans.__('Reason')} value={reason} onChange={setReason} required />
          {request.may_answer && request.state === 'pending' && (
            <TextField label={trans.__('For')} value={term} onChange={setTerm} placeholder={request.for} />
          )}
          <div className="privguard-Buttons">
            {request.may_answer && request.state === 'pending' && (
              <button type="button" className="jp-mod-styled jp-mod-accept" disabled={!isReady} onClick={() => answer(true)}>
                {trans.__('Approve')}
              </button>
            )}
            <button type="button" className="jp-mod-styled jp-mod-warn" disabled={!isReady} onClick={() => answer(false)}>
              {request.is_own ? trans.__('Withdraw') : request.state === 'granted' ? trans.__('Revoke') : trans.__('Deny')}
            </button>
          </div>
        </div>
      )}
      <DoingNote doing={doing} isBusy={false} trans={trans} />
    </li>
  );
}

function requestState(request: IAccessRequest, trans: TranslationBundle): string {
  return {
    pending: request.answered_by.length > 0 ? trans.__('needs one more') : trans.__('open'),
    granted: trans.__('granted'),
    denied: trans.__('denied'),
    expired: trans.__('over')
  }[request.state];
}

function columnsOf(request: IAccessRequest, trans: TranslationBundle): string {
  return request.columns.length > 0 ? request.columns.join(', ') : trans.__('all columns');
}

function AskForm(props: IRequestsProps & { onChange: () => Promise<void> }): React.ReactElement {
  const { session, model, onChange, trans } = props;
  const [tier, setTier] = React.useState('compliance');
  const [dataset, setDataset] = React.useState(session.datasets.at(-1)?.name ?? '');
  const [columns, setColumns] = React.useState('');
  const [reason, setReason] = React.useState('');
  const [term, setTerm] = React.useState('8h');
  const [doing, start] = useDoing();
  const isReady = dataset.trim() !== '' && reason.trim() !== '' && doing.phase !== 'running';
  const send = (event: React.FormEvent): void => {
    event.preventDefault();
    if (!isReady) {
      return;
    }
    start(async () => {
      const labels = columns.split(',').map(label => label.trim()).filter(Boolean);
      const body = { tier, dataset: dataset.trim(), columns: labels, reason: reason.trim(), for: term.trim() };
      const { message } = await model.api.ask(body);
      await onChange();
      return message;
    });
  };
  return (
    <form className="privguard-Form" aria-label={trans.__('Ask for a tier')} onSubmit={send}>
      <h3>{trans.__('Ask for a tier')}</h3>
      <ChoiceField
        label={trans.__('Tier')}
        value={tier}
        choices={[
          ['internal', trans.__('internal')],
          ['compliance', trans.__('compliance')]
        ]}
        onChange={setTier}
      />
      <TextField label={trans.__('Data set')} value={dataset} onChange={setDataset} required />
      <TextField label={trans.__('Columns')} value={columns} onChange={setColumns} placeholder={trans.__('all, or a, b')} />
      <TextField label={trans.__('Reason')} value={reason} onChange={setReason} required />
      <TextField label={trans.__('For')} value={term} onChange={setTerm} placeholder="8h" />
      <button type="submit" className="jp-mod-styled jp-mod-accept" disabled={!isReady}>
        {trans.__('Ask')}
      </button>
      <DoingNote doing={doing} isBusy={false} trans={trans} />
    </form>
  );
}

function RevealForm(props: { model: IPanelModel; trans: TranslationBundle }): React.ReactElement {
  const { model, trans } = props;
  const [handle, setHandle] = React.useState('');
  const [reason, setReason] = React.useState('');
  const [value, setValue] = React.useState('');
  const [doing, start] = useDoing();
  const isReady = handle.trim() !== '' && reason.trim() !== '' && doing.phase !== 'running';
  React.useEffect(() => {
    const timer = window.setTimeout(() => setValue(''), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [value]);
  const send = (event: React.FormEvent): void => {
    event.preventDefault();
    if (isReady) {
      start(async () => {
        setValue(await model.reveal(handle.trim(), reason.trim()));
        return '';
      });
    }
  };
  return (
    <form className="privguard-Form" aria-label={trans.__('Reveal one value')} onSubmit={send}>
      <h3>{trans.__('Reveal one value')}</h3>
      <TextField label={trans.__('Handle')} value={handle} onChange={setHandle} placeholder="tok_…" required />
      <TextField label={trans.__('Reason')} value={reason} onChange={setReason} required />
      <button type="submit" className="jp-mod-styled" disabled={!isReady}>
        {trans.__('Reveal')}
      </button>
      <p className="privguard-Hint">{trans.__('It is shown for half a minute, recorded, and saved nowhere.')}</p>
      {value !== '' && <output className="privguard-Revealed">{value}</output>}
      <DoingNote doing={doing} isBusy={model.isBusy} trans={trans} />
    </form>
  );
}
