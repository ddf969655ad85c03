import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { IColumn, IDataset, IPanelModel, ISession } from '../tokens';
import { ColumnDetails, operatorName } from './column';
import { ChoiceField, DoingNote, TextField } from './common';
import { WindowedTable } from './windowed';

const ROW_HEIGHT = 40;
const TIERS = ['public', 'internal', 'compliance'] as const;

type SortKey = 'label' | 'class' | 'confidence';
type Sorting = { readonly key: SortKey; readonly isDown: boolean } | null;

interface IDataProps {
  session: ISession;
  model: IPanelModel;
  trans: TranslationBundle;
}

/** The data sets of the session, one at a time, with the class of each column and what each tier sees. */
export function DataView(props: IDataProps): React.ReactElement {
  const { session, model, trans } = props;
  const datasets = [...session.datasets].reverse();
  const [chosen, choose] = React.useState('');
  const dataset = datasets.find(one => keyOf(one) === chosen) ?? datasets[0];
  return (
    <section aria-labelledby="privguard-data" className="privguard-Data">
      <h2 id="privguard-data">{trans.__('Data')}</h2>
      {dataset === undefined ? (
        <p className="privguard-Hint">{trans.__('No table was loaded yet.')}</p>
      ) : (
        <>
          {datasets.length > 1 && (
            <ChoiceField
              label={trans.__('Data set')}
              value={keyOf(dataset)}
              choices={datasets.map(one => [keyOf(one), one.name])}
              onChange={choose}
            />
          )}
          <DatasetView key={keyOf(dataset)} dataset={dataset} session={session} model={model} trans={trans} />
        </>
      )}
    </section>
  );
}

function DatasetView(props: IDataProps & { dataset: IDataset }): React.ReactElement {
  const { dataset, session, model, trans } = props;
  const [text, setText] = React.useState('');
  const [kind, setKind] = React.useState('all');
  const [sorting, setSorting] = React.useState<Sorting>(null);
  const [selected, select] = React.useState<string | null>(null);
  const usage = session.usage.find(one => one.name === dataset.name && one.source === dataset.source);
  const used = React.useMemo(() => new Set(usage?.columns), [usage]);
  const isUnused = (column: IColumn): boolean => isSensitive(column) && !used.has(column.label);
  const shown = sorted(
    dataset.columns.filter(column => isOfKind(column, kind, isUnused) && matches(column, text)),
    sorting
  );
  const sensitive = dataset.columns.filter(isSensitive).length;
  const unused = dataset.columns.filter(isUnused).length;
  const classes = [...new Set(dataset.columns.map(column => column.class ?? 'none'))].sort();
  const column = dataset.columns.find(one => one.label === selected);
  const sortBy = (key: SortKey): void =>
    setSorting(sorting?.key !== key ? { key, isDown: false } : sorting.isDown ? null : { key, isDown: true });
  return (
    <>
      <p className="privguard-Hint" title={dataset.source ?? undefined}>
        {unused > 0
          ? trans._n('%1 sensitive column was loaded and not used.', '%1 sensitive columns were loaded and not used.', unused)
          : trans.__('Every sensitive column that was loaded was used.')}
      </p>
      <QuasiIdentifiers dataset={dataset} variable={usage?.variables[0] ?? null} model={model} trans={trans} />
      <div className="privguard-Filters">
        <TextField label={trans.__('Find')} value={text} onChange={setText} placeholder={trans.__('column or entity')} />
        <ChoiceField
          label={trans.__('Show')}
          value={kind}
          choices={[
            ['all', trans.__('all columns')],
            ['sensitive', trans.__('sensitive')],
            ['unused', trans.__('sensitive, not used')],
            ...classes.map(one => [`class:${one}`, trans.__('class %1', one)] as const)
          ]}
          onChange={setKind}
        />
      </div>
      <WindowedTable
        label={trans.__('Columns of the data set')}
        caption={
          <>
            <strong>{dataset.name}</strong> {dataset.rows !== null && trans._n('%1 row,', '%1 rows,', dataset.rows)}{' '}
            {trans._n('%2 of %1 column sensitive', '%2 of %1 columns sensitive', dataset.columns.length, sensitive)}
            {shown.length < dataset.columns.length && `, ${trans.__('%1 shown', shown.length)}`}
          </>
        }
        header={
          <tr>
            <SortHeader name={trans.__('Column')} by="label" sorting={sorting} onSort={sortBy} />
            <SortHeader name={trans.__('Class')} by="class" sorting={sorting} onSort={sortBy} />
            <SortHeader name={trans.__('Sure')} by="confidence" sorting={sorting} onSort={sortBy} />
            {TIERS.map(tier => (
              <th key={tier} scope="col">
                {tier}
              </th>
            ))}
          </tr>
        }
        columns={6}
        count={shown.length}
        rowHeight={ROW_HEIGHT}
        row={index => {
          const one = shown[index] as IColumn;
          return (
            <ColumnRow
              key={index}
              index={index}
              column={one}
              isUnused={isUnused(one)}
              isSelected={one.label === selected}
              onSelect={() => select(one.label === selected ? null : one.label)}
              trans={trans}
            />
          );
        }}
      />
      {column !== undefined && (
        <ColumnDetails
          key={column.label}
          dataset={dataset}
          column={column}
          isUnused={isUnused(column)}
          model={model}
          trans={trans}
        />
      )}
      <DoingNote doing={model.doing} isBusy={model.isBusy} trans={trans} />
    </>
  );
}

function QuasiIdentifiers(props: {
  dataset: IDataset;
  variable: string | null;
  model: IPanelModel;
  trans: TranslationBundle;
}): React.ReactElement | null {
  const { dataset, variable, model, trans } = props;
  const quasi = model.explanation(dataset.seq)?.quasi;
  if (quasi !== undefined) {
    const names = quasi.columns.join(', ');
    return (
      <p className="privguard-Note" role="status" data-k={quasi.k ?? ''}>
        {quasi.columns.length === 0
          ? trans.__('No columns that identify people together.')
          : quasi.k === null
            ? trans.__('Columns that identify people together: %1.', names)
            : trans.__('Columns that identify people together: %1; the rarest combination is shared by k = %2 rows.', names, quasi.k)}
      </p>
    );
  }
  return variable === null ? null : (
    <button
      type="button"
      className="jp-mod-styled privguard-Wide"
      disabled={model.doing.phase === 'running'}
      onClick={() => void model.explain(dataset.seq, variable)}
    >
      {trans.__('Measure k and tell why')}
    </button>
  );
}

function SortHeader(props: {
  name: string;
  by: SortKey;
  sorting: Sorting;
  onSort: (key: SortKey) => void;
}): React.ReactElement {
  const { name, by, sorting, onSort } = props;
  const direction = sorting?.key !== by ? 'none' : sorting.isDown ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={direction}>
      <button type="button" className="privguard-Link" onClick={() => onSort(by)}>
        {name}
        <span aria-hidden="true">{{ none: '', ascending: ' ▲', descending: ' ▼' }[direction]}</span>
      </button>
    </th>
  );
}

function ColumnRow(props: {
  index: number;
  column: IColumn;
  isUnused: boolean;
  isSelected: boolean;
  onSelect: () => void;
  trans: TranslationBundle;
}): React.ReactElement {
  const { index, column, isUnused, isSelected, onSelect, trans } = props;
  const { entity, confidence } = column;
  const isKnown = entity !== null && entity !== 'NONE';
  const isUnsure = isKnown && confidence !== null && confidence < 70;
  return (
    <tr data-class={column.class ?? 'none'} aria-rowindex={index + 2} style={{ height: ROW_HEIGHT }}>
      <th scope="row">
        <button
          type="button"
          className="privguard-Link privguard-Cut"
          aria-expanded={isSelected}
          title={column.label}
          onClick={onSelect}
        >
          {column.label}
        </button>
        <span className="privguard-Entity privguard-Cut">
          {isKnown && (isUnsure ? trans.__('%1 ?', entity) : entity)}
          {isUnused && ` · ${trans.__('not used')}`}
        </span>
      </th>
      <td>{column.class ?? '–'}</td>
      <td>{confidence === null ? '–' : `${confidence} %`}</td>
      {TIERS.map(tier => (
        <td key={tier}>{operatorName(column.action[tier] ?? null, trans)}</td>
      ))}
    </tr>
  );
}

function keyOf(dataset: IDataset): string {
  return JSON.stringify([dataset.name, dataset.source]);
}

function isSensitive(column: IColumn): boolean {
  return column.class !== null && column.class !== 'none';
}

function isOfKind(column: IColumn, kind: string, isUnused: (column: IColumn) => boolean): boolean {
  switch (kind) {
    case 'all':
      return true;
    case 'sensitive':
      return isSensitive(column);
    case 'unused':
      return isUnused(column);
    default:
      return kind === `class:${column.class ?? 'none'}`;
  }
}

function matches(column: IColumn, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return `${column.label}\n${column.entity ?? ''}`.toLowerCase().includes(wanted);
}

function sorted(columns: IColumn[], sorting: Sorting): IColumn[] {
  if (sorting === null) {
    return columns;
  }
  const { key, isDown } = sorting;
  const order = (a: IColumn, b: IColumn): number =>
    key === 'confidence' ? (a.confidence ?? -1) - (b.confidence ?? -1) : (a[key] ?? '').localeCompare(b[key] ?? '');
  return columns.sort((a, b) => (isDown ? order(b, a) : order(a, b)));
}
