import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { IColumn, IDataset } from '../tokens';

/** The data sets of the session, newest first, with the class of each column. */
export function DataView(props: { datasets: readonly IDataset[]; trans: TranslationBundle }): React.ReactElement {
  const { datasets, trans } = props;
  return (
    <section aria-labelledby="privguard-data" className="privguard-Data">
      <h2 id="privguard-data">{trans.__('Data')}</h2>
      {datasets.length === 0 ? (
        <p className="privguard-Hint">{trans.__('No table was loaded yet.')}</p>
      ) : (
        // Focusable, so that the arrow keys scroll it.
        <div className="privguard-Scroll" tabIndex={0} role="group" aria-label={trans.__('Columns of the data sets')}>
          {[...datasets].reverse().map(dataset => (
            <DatasetTable key={dataset.seq} dataset={dataset} trans={trans} />
          ))}
        </div>
      )}
    </section>
  );
}

function DatasetTable(props: { dataset: IDataset; trans: TranslationBundle }): React.ReactElement {
  const { dataset, trans } = props;
  const sensitive = dataset.columns.filter(column => column.class !== null && column.class !== 'none').length;
  return (
    <table>
      <caption title={dataset.source ?? undefined}>
        <strong>{dataset.name}</strong>{' '}
        {dataset.rows !== null && trans._n('%1 row,', '%1 rows,', dataset.rows)}{' '}
        {trans._n('%2 of %1 column sensitive', '%2 of %1 columns sensitive', dataset.columns.length, sensitive)}
      </caption>
      <thead>
        <tr>
          <th scope="col">{trans.__('Column')}</th>
          <th scope="col">{trans.__('Class')}</th>
          <th scope="col">{trans.__('Public sees')}</th>
        </tr>
      </thead>
      <tbody>
        {dataset.columns.map((column, index) => (
          <ColumnRow key={index} column={column} trans={trans} />
        ))}
      </tbody>
    </table>
  );
}

function ColumnRow(props: { column: IColumn; trans: TranslationBundle }): React.ReactElement {
  const { column, trans } = props;
  const { entity, confidence } = column;
  const isKnown = entity !== null && entity !== 'NONE';
  const isUnsure = isKnown && confidence !== null && confidence < 70;
  const sure = confidence === null ? undefined : trans.__('%1 % sure', confidence);
  return (
    <tr data-class={column.class ?? 'none'}>
      <th scope="row">
        {column.label}
        {isKnown && (
          <span className="privguard-Entity" title={sure}>
            {isUnsure ? trans.__('%1 ?', entity) : entity}
          </span>
        )}
      </th>
      <td>{column.class ?? '–'}</td>
      <td>{operatorName(column.action['public'] ?? null, trans)}</td>
    </tr>
  );
}

function operatorName(operator: string | null, trans: TranslationBundle): string {
  const names: { [operator: string]: string } = {
    clear: trans.__('as it is'),
    round: trans.__('rounded'),
    generalise: trans.__('generalised'),
    partial: trans.__('partly'),
    encrypt: trans.__('encrypted'),
    token: trans.__('token'),
    redact: trans.__('redacted')
  };
  return operator === null ? '–' : (names[operator] ?? operator);
}
