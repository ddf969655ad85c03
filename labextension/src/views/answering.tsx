import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { moment } from '../events';
import { actsOn } from '../requests';
import type { IAccessRequest, IAnswer, IModelRequest, IPanelModel } from '../tokens';
import { DoingNote, TextField, useDoing, Words } from './common';

/** Characters of a digest that tell it from others at a glance. */
const SHORT = 12;

interface IItemProps<T> {
  request: T;
  model: IPanelModel;
  onChange: () => Promise<void>;
  trans: TranslationBundle;
}

/** A request for a tier. */
export function AccessItem(props: IItemProps<IAccessRequest>): React.ReactElement {
  const { request, model, onChange, trans } = props;
  const columns = request.columns.length > 0 ? request.columns.join(', ') : trans.__('all columns');
  return (
    <Item
      request={request}
      says={trans.__('%1 asks for tier %2 on %3 (%4), for %5.', request.by, request.tier, request.dataset, columns, request.for)}
      onAnswer={body => model.api.answer(request.id, body)}
      onChange={onChange}
      trans={trans}
    />
  );
}

/** A request to approve a version of a model. */
export function ModelItem(props: IItemProps<IModelRequest>): React.ReactElement {
  const { request, model, onChange, trans } = props;
  const reviewed = {
    passed: trans.__('its review passed'),
    blocked: trans.__('its review blocked it'),
    none: trans.__('no review')
  }[request.reviewed];
  return (
    <Item
      request={request}
      says={trans.__(
        '%1 asks to approve version %2 of the model %3 as %4, for %5.',
        request.by,
        request.version,
        request.model,
        request.alias,
        request.for
      )}
      onAnswer={body => model.api.answerModel(request.id, body)}
      onChange={onChange}
      trans={trans}
    >
      <p className="privguard-Hint" data-reviewed={request.reviewed}>
        {reviewed} · <span title={request.sha256}>{trans.__('files %1…', request.sha256.slice(0, SHORT))}</span>
      </p>
      {actsOn(request).mayApprove && (
        <p className="privguard-Hint">
          <Words
            text={trans.__(
              'Approving signs this digest. The files themselves are held against it by `privguard model approve %1 --path DIR -r WHY`.',
              request.id
            )}
          />
        </p>
      )}
    </Item>
  );
}

/** A request, what became of it, and the answers that whoever looks may give. */
function Item(props: {
  request: IAccessRequest | IModelRequest;
  /** Who asks for what, in a sentence. */
  says: string;
  onAnswer: (body: IAnswer) => Promise<unknown>;
  onChange: () => Promise<void>;
  trans: TranslationBundle;
  children?: React.ReactNode;
}): React.ReactElement {
  const { request, says, onAnswer, onChange, trans, children } = props;
  const [reason, setReason] = React.useState('');
  const [term, setTerm] = React.useState('');
  const [doing, start] = useDoing();
  const { mayApprove, mayDeny } = actsOn(request);
  const answer = (grant: boolean): void =>
    start(async () => {
      const shorter = grant && term.trim() !== '' ? { for: term.trim() } : {};
      await onAnswer({ grant, reason: reason.trim(), ...shorter });
      await onChange();
      return grant ? trans.__('Approved.') : trans.__('Denied.');
    });
  const isReady = reason.trim() !== '' && doing.phase !== 'running';
  return (
    <li data-state={request.state} data-request={request.id}>
      <p>
        <span className="privguard-Badge" data-request-state={request.state}>
          {stateOf(request, trans)}
        </span>{' '}
        {says}
      </p>
      <p className="privguard-Hint">
        {request.reason}
        {request.until !== null && ` · ${trans.__('until %1', moment(request.until))}`}
        {request.answered_by.length > 0 && ` · ${trans.__('answered by %1', request.answered_by.join(', '))}`}
      </p>
      {children}
      {mayDeny !== null && (
        <div className="privguard-Form" role="group" aria-label={trans.__('Answer to request %1', request.id)}>
          <TextField label={trans.__('Reason')} value={reason} onChange={setReason} required />
          {mayApprove && <TextField label={trans.__('For')} value={term} onChange={setTerm} placeholder={request.for} />}
          <div className="privguard-Buttons">
            {mayApprove && (
              <button type="button" className="jp-mod-styled jp-mod-accept" disabled={!isReady} onClick={() => answer(true)}>
                {trans.__('Approve')}
              </button>
            )}
            <button type="button" className="jp-mod-styled jp-mod-warn" disabled={!isReady} onClick={() => answer(false)}>
              {{ deny: trans.__('Deny'), withdraw: trans.__('Withdraw'), revoke: trans.__('Revoke') }[mayDeny]}
            </button>
          </div>
        </div>
      )}
      <DoingNote doing={doing} isBusy={false} trans={trans} />
    </li>
  );
}

function stateOf(request: IAccessRequest | IModelRequest, trans: TranslationBundle): string {
  return {
    pending: request.answered_by.length > 0 ? trans.__('needs one more') : trans.__('pending'),
    granted: trans.__('granted'),
    denied: trans.__('denied'),
    expired: trans.__('expired')
  }[request.state];
}
