import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { problemOf } from '../problems';
import { newestFirst } from '../requests';
import type { IAccessRequest, IModelRequest, IPanelModel, IProblem, IRequest, IRequests, ISession } from '../tokens';
import { AccessItem, ModelItem } from './answering';
import { AskForm, RevealForm } from './asking';
import { Note, ProblemNote } from './common';

const LOOK_MS = 10_000;

/** Requests of this account and those that it may answer; a form to ask, and one to reveal a single value. */
export function RequestsView(props: {
  /** Null where no notebook with a kernel is in front. */
  session: ISession | null;
  model: IPanelModel;
  trans: TranslationBundle;
}): React.ReactElement {
  const { session, model, trans } = props;
  const { access, models, problem, look } = useRequests(model);
  const newest = newestFirst(access?.requests ?? [], models?.requests ?? []);
  return (
    <section aria-labelledby="privguard-requests" className="privguard-Requests">
      <h2 id="privguard-requests">{trans.__('Requests')}</h2>
      {problem !== null && <ProblemNote problem={problem} trans={trans} />}
      {access?.available === false && (
        <Note
          text={trans.__(
            'This server runs under another account than yours. Use `privguard approval` and `privguard model` in a terminal of your own.'
          )}
        />
      )}
      {access?.available && models !== null && newest.length === 0 && (
        <p className="privguard-Hint">{trans.__('Nothing is asked of you, and you have asked for nothing.')}</p>
      )}
      <ul className="privguard-List">
        {newest.map(one =>
          one.kind === 'tier' ? (
            <AccessItem key={one.request.id} request={one.request} model={model} onChange={look} trans={trans} />
          ) : (
            <ModelItem key={one.request.id} request={one.request} model={model} onChange={look} trans={trans} />
          )
        )}
      </ul>
      {access?.available && <AskForm session={session} model={model} onChange={look} trans={trans} />}
      {session?.guard.state === 'on' && <RevealForm model={model} trans={trans} />}
    </section>
  );
}

interface IKnown {
  readonly access: IRequests<IAccessRequest> | null;
  readonly models: IRequests<IModelRequest> | null;
  /** Why they may not be the newest. */
  readonly problem: IProblem | null;
}

/** Both kinds of requests, asked for again and again; one that fails takes nothing away from the other. */
function useRequests(model: IPanelModel): IKnown & { readonly look: () => Promise<void> } {
  const [known, setKnown] = React.useState<IKnown>({ access: null, models: null, problem: null });
  const look = React.useCallback(async () => {
    const [access, models] = await Promise.all([answerOf(model.api.requests()), answerOf(model.api.modelRequests())]);
    setKnown(before => ({
      access: access.found ?? before.access,
      models: models.found ?? before.models,
      problem: access.problem ?? models.problem
    }));
  }, [model]);
  React.useEffect(() => {
    void look();
    const timer = window.setInterval(() => document.hidden || void look(), LOOK_MS);
    return () => window.clearInterval(timer);
  }, [look]);
  return { ...known, look };
}

async function answerOf<T extends IRequest>(
  asked: Promise<IRequests<T>>
): Promise<{ readonly found: IRequests<T> | null; readonly problem: IProblem | null }> {
  try {
    return { found: await asked, problem: null };
  } catch (error) {
    return { found: null, problem: problemOf(error) };
  }
}
