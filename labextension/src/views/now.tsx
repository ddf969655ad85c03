import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Life } from '../life';
import type { Tab } from '../tabs';
import type { GuardState, IGap, IPanelModel, ISession } from '../tokens';
import { ChoiceField, DoingNote, Fact, TextField, Words } from './common';
import { GlanceView } from './glance';
import { ModelAlert } from './models';

/** The newest ones; `privguard audit verify` names all. */
const SHOWN_GAPS = 3;

interface INowProps {
  session: ISession;
  model: IPanelModel;
  trans: TranslationBundle;
}

/** Guard, tier, purpose and experiment of the notebook, who one is, and how to change them. */
export function NowView(props: INowProps & { onTab: (tab: Tab) => void }): React.ReactElement {
  const { session, model, trans, onTab } = props;
  const guard = session.guard;
  // Without a guard there is none, whatever the last one was.
  const tier = guard.state === 'on' ? (session.last.tier ?? guard.tier) : null;
  return (
    <section aria-labelledby="privguard-now" className="privguard-Now">
      <h2 id="privguard-now">{trans.__('Guard')}</h2>
      <dl>
        <Fact name={trans.__('Notebook')} value={model.notebook} />
        <dt>{trans.__('State')}</dt>
        <dd>
          <span className="privguard-Badge" data-state={guard.state}>
            {stateName(guard.state, trans)}
          </span>
        </dd>
        <dt>{trans.__('Tier')}</dt>
        <dd>
          {tier === null ? '–' : <span className="privguard-Badge" data-tier={tier}>{tier}</span>}
        </dd>
        <Fact name={trans.__('Purpose')} value={session.last.purpose} />
        <Fact name={trans.__('Experiment')} value={session.last.experiment} />
        <Fact name={trans.__('You')} value={guard.person} />
        <Fact name={trans.__('Known by')} value={assuranceName(guard.assurance, trans)} />
        <Fact name={trans.__('Policy')} value={guard.policy} />
      </dl>
      <GlanceView session={session} model={model} trans={trans} onTab={onTab} />
      {guard.state === 'on' && <ChangeForm model={model} trans={trans} />}
    </section>
  );
}

/** What must be seen whatever else is looked at: a guard that is off, gaps between the two logs, models; at length in one tab. */
export function Banner(props: INowProps & { tab: Tab; onTab: (tab: Tab) => void }): React.ReactElement {
  const { session, model, trans, tab, onTab } = props;
  const isShort = tab !== 'now';
  const gaps = model.gaps?.gaps ?? [];
  const own = gaps.filter(gap => gap.kernel === session.kernel);
  const others = (model.gaps?.total ?? 0) + (model.gaps?.hidden ?? 0) - own.length;
  return (
    <>
      <GuardAlert state={session.guard.state} reason={session.guard.reason} life={model.life} trans={trans} />
      {session.log.rewritten && (
        <div className="privguard-Alert" role="alert">
          <Words
            text={trans.__(
              'The log lost or changed records that this server had read. Run `privguard audit verify` in a terminal.'
            )}
          />
        </div>
      )}
      {own.length > 0 && (
        <div className="privguard-Alert" role="alert" data-gaps={own.length}>
          <strong>{trans._n('%1 gap in the record of this kernel', '%1 gaps in the record of this kernel', own.length)}</strong>{' '}
          {isShort ? (
            <button type="button" className="privguard-Link" onClick={() => onTab('now')}>
              {trans.__('Show gaps')}
            </button>
          ) : (
            <GapList gaps={own.slice(-SHOWN_GAPS)} model={model} trans={trans} />
          )}
        </div>
      )}
      <ModelAlert models={model.models} isShort={isShort} onTab={onTab} trans={trans} />
      {others > 0 && !isShort && (
        <p className="privguard-Hint">
          <Words
            text={trans._n('%1 gap elsewhere; `privguard audit verify` names it.', '%1 gaps elsewhere; `privguard audit verify` names them.', others)}
          />
        </p>
      )}
    </>
  );
}

function GapList(props: { gaps: readonly IGap[]; model: IPanelModel; trans: TranslationBundle }): React.ReactElement {
  const { gaps, model, trans } = props;
  return (
    <ul>
      {gaps.map((gap, index) => (
        <li key={index}>
          <Words text={gap.sentence} />{' '}
          {gap.cell_id !== null && model.canJumpTo(gap.cell_id) && (
            <JumpButton cellId={gap.cell_id} model={model} trans={trans} />
          )}
        </li>
      ))}
    </ul>
  );
}

/** Brings a cell into view. */
export function JumpButton(props: { cellId: string; model: IPanelModel; trans: TranslationBundle }): React.ReactElement {
  const { cellId, model, trans } = props;
  return (
    <button type="button" className="privguard-Link" onClick={() => model.jumpTo(cellId)}>
      {trans.__('Show cell')}
    </button>
  );
}

/** The name of a guard's state. */
export function stateName(state: GuardState, trans: TranslationBundle): string {
  return {
    on: trans.__('on'),
    off: trans.__('off'),
    refusing: trans.__('refusing cells'),
    absent: trans.__('not loaded')
  }[state];
}

function assuranceName(assurance: string | null, trans: TranslationBundle): string | null {
  const names: { [assurance: string]: string } = {
    self: trans.__('the account, which could have written its own policy (self)'),
    os: trans.__('the account of the operating system (os)'),
    server: trans.__('the login of this server (server)'),
    hub: trans.__('the login of the hub (hub)')
  };
  return assurance === null ? null : (names[assurance] ?? assurance);
}

function GuardAlert(props: {
  state: GuardState;
  reason: string | null;
  life: Life;
  trans: TranslationBundle;
}): React.ReactElement | null {
  const { state, reason, life, trans } = props;
  if (life === 'dead') {
    return (
      <div className="privguard-Alert" role="alert" data-guard="dead">
        {trans.__('The kernel died. Restart it to run cells; what it did last may not be recorded.')}
      </div>
    );
  }
  switch (state) {
    case 'on':
      return null;
    case 'refusing':
      return (
        <div className="privguard-Alert" role="alert" data-guard={state}>
          <Words text={reason ?? trans.__('Policy, keys or log cannot be used.')} />{' '}
          {/* Translations are formats, in which %% stands for %. */}
          <Words text={trans.__('Run `%%privguard doctor` in a cell to see what to mend.')} />
        </div>
      );
    default:
      return (
        <div className="privguard-Alert" role="alert" data-guard={state}>
          {life === 'died' && `${trans.__('The kernel died and another one began in its place.')} `}
          {state === 'off'
            ? trans.__('The guard was taken out: cells run without masks and without log. Put it back with:')
            : trans.__('This kernel has no guard: cells run without masks and without log. Turn it on with:')}
          <code className="privguard-Line">%load_ext jupyter_privguard</code>
        </div>
      );
  }
}

const TIERS = ['public', 'internal'] as const;

function ChangeForm(props: { model: IPanelModel; trans: TranslationBundle }): React.ReactElement {
  const { model, trans } = props;
  const [what, setWhat] = React.useState('purpose');
  const [tier, setTier] = React.useState('internal');
  const [text, setText] = React.useState('');
  const [reason, setReason] = React.useState('');
  const value = what === 'tier' ? tier : text.trim();
  const isReady = value !== '' && reason.trim() !== '' && model.doing.phase !== 'running';
  const send = (event: React.FormEvent): void => {
    event.preventDefault();
    if (isReady) {
      void model.command(['change', what, value, '--reason', reason.trim()]);
      setReason('');
    }
  };
  return (
    <form className="privguard-Form" aria-label={trans.__('Change for all following cells')} onSubmit={send}>
      <h3>{trans.__('Change for all following cells')}</h3>
      <ChoiceField
        label={trans.__('What')}
        value={what}
        choices={[
          ['purpose', trans.__('Purpose')],
          ['experiment', trans.__('Experiment')],
          ['tier', trans.__('Tier')]
        ]}
        onChange={setWhat}
      />
      {what === 'tier' ? (
        <ChoiceField label={trans.__('To')} value={tier} choices={TIERS.map(one => [one, one])} onChange={setTier} />
      ) : (
        <TextField label={trans.__('To')} value={text} onChange={setText} required />
      )}
      <TextField label={trans.__('Reason')} value={reason} onChange={setReason} required />
      <button type="submit" className="jp-mod-styled jp-mod-accept" disabled={!isReady}>
        {trans.__('Change')}
      </button>
      <p className="privguard-Hint">
        {/* Translations are formats, in which %% stands for %. */}
        <Words text={trans.__('Tier compliance is for one cell, which begins with `%%%%secure --tier compliance --reason "…"`')} />
      </p>
      <DoingNote doing={model.doing} isBusy={model.isBusy} trans={trans} />
    </form>
  );
}
