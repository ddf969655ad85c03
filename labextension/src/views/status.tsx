import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ExportState, GuardState, IProblem, ISession } from '../tokens';

/** One sentence in place of content; read out when it changes. */
export function Note(props: { text: string }): React.ReactElement {
  return (
    <p className="privguard-Note" role="status">
      {props.text}
    </p>
  );
}

/** What went wrong and what now. */
export function ProblemNote(props: { problem: IProblem; trans: TranslationBundle }): React.ReactElement {
  const { problem, trans } = props;
  return (
    <div className="privguard-Problem" role="alert" data-code={problem.code}>
      <strong>{problem.code.startsWith('log_') ? trans.__('The log cannot be used') : trans.__('Problem')}</strong>
      <p>{problem.message}</p>
      <p>{problem.hint}</p>
    </div>
  );
}

interface IStatusProps {
  session: ISession;
  notebook: string | null;
  exported: ExportState;
  onExport: (experiment: string) => void;
  trans: TranslationBundle;
}

/** Tier and guard state of the notebook, and the export of its compliance file. */
export function StatusView(props: IStatusProps): React.ReactElement {
  const { session, notebook, trans } = props;
  const guard = session.guard;
  return (
    <section aria-labelledby="privguard-status" className="privguard-Status">
      <h2 id="privguard-status">{trans.__('Guard')}</h2>
      {session.log.rewritten && (
        <div className="privguard-Problem" role="alert">
          {trans.__(
            'The log lost or changed records that this server had read. Run `privguard audit verify` in a terminal.'
          )}
        </div>
      )}
      <dl>
        <Fact name={trans.__('Notebook')} value={notebook} />
        <dt>{trans.__('State')}</dt>
        <dd>
          <span className="privguard-Badge" data-state={guard.state}>
            {stateName(guard.state, trans)}
          </span>
        </dd>
        <dt>{trans.__('Tier')}</dt>
        <dd>
          {guard.tier === null ? '–' : <span className="privguard-Badge" data-tier={guard.tier}>{guard.tier}</span>}
        </dd>
        <Fact name={trans.__('Purpose')} value={session.purpose} />
        <Fact name={trans.__('Policy')} value={guard.policy} />
      </dl>
      <Advice state={guard.state} reason={guard.reason} trans={trans} />
      <ExportView {...props} />
    </section>
  );
}

function Fact(props: { name: string; value: string | null }): React.ReactElement | null {
  return props.value ? (
    <>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </>
  ) : null;
}

function stateName(state: GuardState, trans: TranslationBundle): string {
  return {
    on: trans.__('on'),
    off: trans.__('off'),
    refusing: trans.__('refusing cells'),
    absent: trans.__('not loaded')
  }[state];
}

function Advice(props: { state: GuardState; reason: string | null; trans: TranslationBundle }): React.ReactElement | null {
  const { state, reason, trans } = props;
  switch (state) {
    case 'on':
      return null;
    case 'refusing':
      return (
        <p className="privguard-Note" role="status">
          {reason ?? trans.__('Policy, keys or log cannot be used.')}{' '}
          {trans.__('Run `%privguard doctor` in a cell to see what to mend.')}
        </p>
      );
    default:
      return (
        <p className="privguard-Note" role="status">
          {state === 'off'
            ? trans.__('The guard was taken out: cells run without masks and without log. Put it back with:')
            : trans.__('This kernel has no guard: cells run without masks and without log. Turn it on with:')}
          <code>%load_ext jupyter_privguard</code>
        </p>
      );
  }
}

function ExportView(props: IStatusProps): React.ReactElement {
  const { session, exported, onExport, trans } = props;
  const experiments = session.experiments;
  const [chosen, choose] = React.useState<string | null>(null);
  const experiment = chosen !== null && experiments.includes(chosen) ? chosen : experiments[0];
  return (
    <div className="privguard-Export">
      {experiments.length > 0 && (
        <label>
          {trans.__('Experiment')}
          <select value={experiment} onChange={event => choose(event.target.value)}>
            {experiments.map(name => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <button
        type="button"
        className="jp-mod-styled jp-mod-accept"
        disabled={experiment === undefined || exported.phase === 'running'}
        aria-describedby="privguard-export-hint"
        onClick={() => experiment !== undefined && onExport(experiment)}
      >
        {exported.phase === 'running' ? trans.__('Exporting…') : trans.__('Export compliance file')}
      </button>
      <p id="privguard-export-hint" className="privguard-Hint">
        {/* Translations are formats, in which %% stands for %. */}
        {experiment === undefined
          ? trans.__('Run a cell that begins with `%%%%secure --experiment NAME` first.')
          : trans.__('The log is verified first; the file is one HTML page.')}
      </p>
      <ExportResult exported={exported} trans={trans} />
    </div>
  );
}

function ExportResult(props: { exported: ExportState; trans: TranslationBundle }): React.ReactElement | null {
  const { exported, trans } = props;
  switch (exported.phase) {
    case 'done':
      return (
        <p className="privguard-Note" role="status" title={`SHA-256 ${exported.sha256}`}>
          {trans.__('Downloaded %1.', exported.fileName)}
        </p>
      );
    case 'failed':
      return <ProblemNote problem={exported.problem} trans={trans} />;
    default:
      return null;
  }
}
