import type { IColumn, IDataset, IUsage } from './tokens';

export type SortKey = 'label' | 'class' | 'confidence';
export type Sorting = { readonly key: SortKey; readonly isDown: boolean } | null;

/** What tells one data set from another. */
export function keyOf(dataset: { readonly name: string; readonly source: string | null }): string {
  return JSON.stringify([dataset.name, dataset.source]);
}

/** Whether the column has a class that asks for care. */
export function isSensitive(column: IColumn): boolean {
  return column.class !== null && column.class !== 'none';
}

/** The classifier is not sure enough to act upon it by itself. */
export function isUnsure(column: IColumn): boolean {
  return isNamed(column) && column.confidence !== null && column.confidence < 70;
}

/** Whether the column holds something that has a name. */
export function isNamed(column: IColumn): boolean {
  return column.entity !== null && column.entity !== 'NONE';
}

/** What cells did with `dataset`; undefined where they did nothing yet. */
export function usageOf(dataset: IDataset, usage: readonly IUsage[]): IUsage | undefined {
  return usage.find(one => one.name === dataset.name && one.source === dataset.source);
}

/** The labels of sensitive columns of `dataset` that served for nothing but loading it. */
export function unusedIn(dataset: IDataset, usage: readonly IUsage[]): readonly string[] {
  const used = new Set(usageOf(dataset, usage)?.columns);
  return dataset.columns.filter(column => isSensitive(column) && !used.has(column.label)).map(column => column.label);
}

/** The classes that occur, by name. */
export function classesOf(columns: readonly IColumn[]): readonly string[] {
  return [...new Set(columns.map(column => column.class ?? 'none'))].sort();
}

/** The columns of `kind` (`all`, `sensitive`, `unused` or `class:NAME`) with `text` in label or entity, in order. */
export function chosen(
  columns: readonly IColumn[],
  kind: string,
  text: string,
  unused: ReadonlySet<string>,
  sorting: Sorting
): readonly IColumn[] {
  const wanted = text.trim().toLowerCase();
  const found = columns.filter(
    column =>
      isOfKind(column, kind, unused) && `${column.label}\n${column.entity ?? ''}`.toLowerCase().includes(wanted)
  );
  return sorting === null ? found : found.sort((a, b) => (sorting.isDown ? -1 : 1) * order(a, b, sorting.key));
}

/** The sorting after a click on a header: up, down, and as the table has them. */
export function nextSorting(sorting: Sorting, key: SortKey): Sorting {
  if (sorting?.key !== key) {
    return { key, isDown: false };
  }
  return sorting.isDown ? null : { key, isDown: true };
}

/** How a table column that sorts by any of `keys` is sorted, as a screen reader is told. */
export function direction(sorting: Sorting, keys: readonly SortKey[]): 'none' | 'ascending' | 'descending' {
  if (sorting === null || !keys.includes(sorting.key)) {
    return 'none';
  }
  return sorting.isDown ? 'descending' : 'ascending';
}

function isOfKind(column: IColumn, kind: string, unused: ReadonlySet<string>): boolean {
  switch (kind) {
    case 'all':
      return true;
    case 'sensitive':
      return isSensitive(column);
    case 'unused':
      return unused.has(column.label);
    default:
      return kind === `class:${column.class ?? 'none'}`;
  }
}

function order(a: IColumn, b: IColumn, key: SortKey): number {
  return key === 'confidence' ? (a.confidence ?? -1) - (b.confidence ?? -1) : (a[key] ?? '').localeCompare(b[key] ?? '');
}
