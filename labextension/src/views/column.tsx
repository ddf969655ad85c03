import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { IColumn, IDataset, IPanelModel } from '../tokens';
import { ChoiceField } from './common';

/** One column: why it has its class, what each tier sees, and a menu to say that it holds something else. */
export function ColumnDetails(props: {
  dataset: IDataset;
  column: IColumn;
  isUnused: boolean;
  model: IPanelModel;
  trans: TranslationBundle;
}): React.ReactElement {
  const { dataset, column, isUnused, model, trans } = props;
  const evidence = model.explanation(dataset.seq)?.evidence[column.label];
  return (
    <div className="privguard-Details" role="group" aria-label={trans.__('Column %1', column.label)}>
      <h3>{column.label}</h3>
      <p>
        {trans.__('Holds %1, class %2.', column.entity ?? '–', column.class ?? '–')}{' '}
        {column.confidence !== null && trans.__('%1 % sure.', column.confidence)}{' '}
        {isUnused && trans.__('It was loaded and no cell used it: leave it out.')}
      </p>
      {evidence === undefined ? (
        <p className="privguard-Hint">{trans.__('“Measure k and tell why” asks the kernel for the reasons.')}</p>
      ) : evidence.length === 0 ? (
        <p>{trans.__('Nothing speaks for anything sensitive.')}</p>
      ) : (
        <ul aria-label={trans.__('Why')}>
          {evidence.map((sentence, index) => (
            <li key={index}>{sentence}</li>
          ))}
        </ul>
      )}
      <OverrideForm dataset={dataset} column={column} model={model} trans={trans} />
    </div>
  );
}

function OverrideForm(props: {
  dataset: IDataset;
  column: IColumn;
  model: IPanelModel;
  trans: TranslationBundle;
}): React.ReactElement {
  const { dataset, column, model, trans } = props;
  const [entity, setEntity] = React.useState(column.entity ?? 'NONE');
  const [isSaved, setSaved] = React.useState(false);
  const target = `${dataset.name}.${column.label}`;
  const isRunning = model.doing.phase === 'running';
  return (
    <form
      className="privguard-Form"
      aria-label={trans.__('Override')}
      onSubmit={event => {
        event.preventDefault();
        void model.command(['set', target, entity, ...(isSaved ? ['--save'] : [])]);
      }}
    >
      <ChoiceField
        label={trans.__('It holds')}
        value={entity}
        choices={model.entities.map(one => [one.entity, `${one.entity} (${one.class})`])}
        onChange={setEntity}
      />
      <label className="privguard-Check">
        <input type="checkbox" checked={isSaved} onChange={event => setSaved(event.target.checked)} />
        {trans.__('Keep for all sessions')}
      </label>
      <div className="privguard-Buttons">
        <button type="submit" className="jp-mod-styled jp-mod-accept" disabled={isRunning || entity === column.entity}>
          {trans.__('Override')}
        </button>
        <button
          type="button"
          className="jp-mod-styled"
          disabled={isRunning}
          onClick={() => void model.command(['set', target, '--off'])}
        >
          {trans.__('Take back')}
        </button>
      </div>
    </form>
  );
}

/** What a tier sees, in a word. */
export function operatorName(operator: string | null, trans: TranslationBundle): string {
  const names: { [operator: string]: string } = {
    clear: trans.__('as it is'),
    round: trans.__('rounded'),
    shift: trans.__('shifted'),
    generalise: trans.__('generalised'),
    partial: trans.__('partly'),
    fpe: trans.__('encrypted'),
    encrypt: trans.__('encrypted'),
    surrogate: trans.__('made up'),
    token: trans.__('token'),
    redact: trans.__('redacted')
  };
  return operator === null ? '–' : (names[operator] ?? operator);
}
