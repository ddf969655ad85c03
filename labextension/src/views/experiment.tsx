import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { applicableFirst } from '../controls';
import { moment } from '../events';
import { problemOf } from '../problems';
import type { ExportState, IOverview, IPanelModel, IProblem, ISession } from '../tokens';
import { ChoiceField, Fact, ProblemNote, Words } from './common';

/** An experiment at a glance, and its compliance file. */
export function ExperimentView(props: {
  session: ISession;
  model: IPanelModel;
  trans: TranslationBundle;
}): React.ReactElement {
  const { session, model, trans } = props;
  const experiments = session.experiments;
  const [chosen, choose] = React.useState<string | null>(null);
  const experiment = chosen !== null && experiments.includes(chosen) ? chosen : experiments[0];
  const isUsable = experiment !== undefined && model.exported.phase !== 'running';
  return (
    <section aria-labelledby="privguard-experiment" className="privguard-Experiment">
      <h2 id="privguard-experiment">{trans.__('Experiment')}</h2>
      {experiment !== undefined && (
        <ChoiceField
          label={trans.__('Experiment')}
          value={experiment}
          choices={experiments.map(name => [name, name])}
          onChange={choose}
        />
      )}
      <div className="privguard-Buttons">
        <ExportButton experiment={experiment} model={model} trans={trans} />
        <button
          type="button"
          className="jp-mod-styled"
          disabled={!isUsable}
          onClick={() => experiment !== undefined && void model.exportReport(experiment, 'notebook')}
        >
          {trans.__('Export as notebook')}
        </button>
        <button
          type="button"
          className="jp-mod-styled"
          disabled={!isUsable}
          onClick={() => experiment !== undefined && void model.exportReport(experiment, 'tab')}
        >
          {trans.__('Open in a tab')}
        </button>
      </div>
      <p id="privguard-export-hint" className="privguard-Hint">
        {experiment === undefined ? (
          <Words text={firstStep(trans)} />
        ) : (
          trans.__('The log is verified first; the file is one HTML page, or a notebook to annotate.')
        )}
      </p>
      <ExportResult exported={model.exported} trans={trans} />
      {experiment !== undefined && <Overview key={experiment} name={experiment} model={model} trans={trans} />}
    </section>
  );
}

/** Makes the compliance file of `experiment`; its description is the element `privguard-export-hint`. */
export function ExportButton(props: {
  experiment: string | undefined;
  model: IPanelModel;
  trans: TranslationBundle;
}): React.ReactElement {
  const { experiment, model, trans } = props;
  const isRunning = model.exported.phase === 'running';
  return (
    <button
      type="button"
      className="jp-mod-styled jp-mod-accept"
      disabled={experiment === undefined || isRunning}
      aria-describedby="privguard-export-hint"
      onClick={() => experiment !== undefined && void model.exportReport(experiment, 'html')}
    >
      {isRunning ? trans.__('Exporting…') : trans.__('Export compliance file')}
    </button>
  );
}

/** What to do where there is no experiment to export yet. */
export function firstStep(trans: TranslationBundle): string {
  // Translations are formats, in which %% stands for %.
  return trans.__('Run a cell that begins with `%%%%secure --experiment NAME` first.');
}

function Overview(props: { name: string; model: IPanelModel; trans: TranslationBundle }): React.ReactElement {
  const { name, model, trans } = props;
  const [overview, setOverview] = React.useState<IOverview | null>(null);
  const [problem, setProblem] = React.useState<IProblem | null>(null);
  const look = React.useCallback(async () => {
    try {
      setOverview(await model.api.experiment(name));
      setProblem(null);
    } catch (error) {
      setProblem(problemOf(error));
    }
  }, [model, name]);
  React.useEffect(() => void look(), [look]);
  if (problem !== null) {
    return <ProblemNote problem={problem} trans={trans} />;
  }
  if (overview === null) {
    return <p className="privguard-Hint">{trans.__('Verifying the log…')}</p>;
  }
  const found = overview.experiment;
  const cells = Object.entries(found.cells).map(([outcome, count]) => `${count} ${outcome}`);
  return (
    <>
      <dl>
        <Fact name={trans.__('Began')} value={moment(found.began)} />
        <Fact name={trans.__('Last event')} value={moment(found.last)} />
        <Fact name={trans.__('Closed')} value={found.closed && moment(found.closed)} />
        <Fact name={trans.__('Events')} value={String(found.events)} />
        <Fact name={trans.__('Cells')} value={cells.join(', ')} />
        <Fact name={trans.__('People')} value={found.people.join(', ')} />
        <Fact name={trans.__('Tiers')} value={found.tiers.join(', ')} />
        <Fact name={trans.__('Purposes')} value={found.purposes.join(', ')} />
        <Fact name={trans.__('Data sets')} value={found.datasets.join(', ')} />
      </dl>
      <button type="button" className="jp-mod-styled" onClick={() => void look()}>
        {trans.__('Look again')}
      </button>
      <div className="privguard-Scroll" tabIndex={0} role="group" aria-label={trans.__('Controls')}>
        <table>
          <caption>{trans.__('Controls, and what this log shows of each')}</caption>
          <thead>
            <tr>
              <th scope="col">{trans.__('Control')}</th>
              <th scope="col">{trans.__('Status')}</th>
            </tr>
          </thead>
          <tbody>
            {applicableFirst(overview.controls).map(control => (
              <tr key={`${control.framework} ${control.id}`} data-status={control.status}>
                <th scope="row">
                  {control.framework} {control.id}
                  <span className="privguard-Entity">{control.title}</span>
                </th>
                <td>{statusName(control.status, trans)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function statusName(status: string, trans: TranslationBundle): string {
  const names: { [status: string]: string } = {
    evidenced: trans.__('evidenced'),
    partial: trans.__('partial'),
    'not evidenced': trans.__('not evidenced'),
    'not applicable': trans.__('not applicable')
  };
  return names[status] ?? status;
}

/** What became of an export. */
export function ExportResult(props: { exported: ExportState; trans: TranslationBundle }): React.ReactElement | null {
  const { exported, trans } = props;
  switch (exported.phase) {
    case 'done':
      return (
        <p className="privguard-Note" role="status" title={`SHA-256 ${exported.sha256}`}>
          {trans.__('Exported %1.', exported.fileName)}
        </p>
      );
    case 'failed':
      return <ProblemNote problem={exported.problem} trans={trans} />;
    default:
      return null;
  }
}
