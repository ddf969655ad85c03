import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { chosen, classesOf, direction, isNamed, isSensitive, isUnsure, keyOf, nextSorting, unusedIn, usageOf } from '../columns';
import type { Sorting, SortKey } from '../columns';
import type { IColumn, IDataset, IPanelModel, ISession } from '../tokens';
import { ColumnDetails, operatorName } from './column';
import { ChoiceField, DoingNote, TextField } from './common';
import { WindowedTable } from './windowed';

const ROW_HEIGHT = 40;
const TIERS = ['public', 'internal', 'compliance'] as const;

interface IDataProps {
  session: ISession;
  model: IPanelModel;
  trans: TranslationBundle;
}

/** The data sets of the session, one at a time, with the class of each column and what each tier sees. */
export function DataView(props: IDataProps): React.ReactElement {
  const { session, model, trans } = props;
  const datasets = [...session.datasets].reverse();
  const [wanted, want] = React.useState('');
  const dataset = datasets.find(one => keyOf(one) === wanted) ?? datasets[0];
  return (
    <section aria-labelledby="privguard-data" className="privguard-Data">
      <h2 id="privguard-data">{trans.__('Data')}</h2>
      {dataset === undefined ? (
        <p className="privguard-Hint">
          {session.guard.state === 'on'
            ? trans.__('No table was loaded yet. Run a cell that reads or shows one.')
            : trans.__('Without the guard no table is known.')}
        </p>
      ) : (
        <>
          {datasets.length > 1 && (
            <ChoiceField
              label={trans.__('Data set')}
              value={keyOf(dataset)}
              choices={datasets.map(one => [
                keyOf(one),
                trans.__('%1 (%2 of %3 sensitive)', one.name, one.columns.filter(isSensitive).length, one.columns.length)
              ])}
              onChange={want}
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
  const usage = usageOf(dataset, session.usage);
  const unused = React.useMemo(() => new Set(unusedIn(dataset, session.usage)), [dataset, session.usage]);
  const shown = React.useMemo(
    () => chosen(dataset.columns, kind, text, unused, sorting),
    [dataset, kind, text, unused, sorting]
  );
  const sensitive = React.useMemo(() => dataset.columns.filter(isSensitive).length, [dataset]);
  const classes = React.useMemo(() => classesOf(dataset.columns), [dataset]);
  const column = dataset.columns.find(one => one.label === selected);
  const sortBy = (key: SortKey): void => setSorting(nextSorting(sorting, key));
  return (
    <>
      <p className="privguard-Hint" title={dataset.source ?? undefined}>
        {unused.size > 0
          ? trans._n('%1 sensitive column was loaded and not used.', '%1 sensitive columns were loaded and not used.', unused.size)
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
            <th scope="col" aria-sort={direction(sorting, ['label', 'confidence'])}>
              <SortButton name={trans.__('Column')} by="label" sorting={sorting} onSort={sortBy} />
              <SortButton name={trans.__('how sure')} by="confidence" sorting={sorting} onSort={sortBy} />
            </th>
            <th scope="col" aria-sort={direction(sorting, ['class'])}>
              <SortButton name={trans.__('Class')} by="class" sorting={sorting} onSort={sortBy} />
            </th>
            {TIERS.map(tier => (
              <th key={tier} scope="col">
                {tier}
              </th>
            ))}
          </tr>
        }
        columns={5}
        count={shown.length}
        rowHeight={ROW_HEIGHT}
        row={index => {
          const one = shown[index] as IColumn;
          return (
            <ColumnRow
              key={index}
              index={index}
              column={one}
              isUnused={unused.has(one.label)}
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
          isUnused={unused.has(column.label)}
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
            : trans._n(
                'Columns that identify people together: %2; the rarest combination is in k = %1 row only.',
                'Columns that identify people together: %2; the rarest combination is shared by k = %1 rows.',
                quasi.k,
                names
              )}
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

function SortButton(props: {
  name: string;
  by: SortKey;
  sorting: Sorting;
  onSort: (key: SortKey) => void;
}): React.ReactElement {
  const { name, by, sorting, onSort } = props;
  const arrow = { none: '', ascending: ' ▲', descending: ' ▼' }[direction(sorting, [by])];
  return (
    <button type="button" className="privguard-Link privguard-Sort" onClick={() => onSort(by)}>
      {name}
      <span aria-hidden="true">{arrow}</span>
    </button>
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
  const facts = [
    isNamed(column) && (isUnsure(column) ? trans.__('%1 ?', entity ?? '') : entity),
    confidence !== null && `${confidence} %`,
    isUnused && trans.__('not used')
  ];
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
        <span className="privguard-Entity privguard-Facts">{facts.filter(Boolean).join(' · ')}</span>
      </th>
      <td>{column.class ?? '–'}</td>
      {TIERS.map(tier => (
        <td key={tier}>{operatorName(column.action[tier] ?? null, trans)}</td>
      ))}
    </tr>
  );
}
