const OVERSCAN = 12;
/** However high the page is, so many rows are in it and no more. */
const MOST_ROWS = 200;

/** The rows from `first` to before `last` that are in the page when a table of `count` rows is scrolled to `top`. */
export function rowsInSight(
  top: number,
  height: number,
  rowHeight: number,
  count: number
): { readonly first: number; readonly last: number } {
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight), count - 1) - OVERSCAN);
  const last = Math.min(count, first + Math.min(MOST_ROWS, Math.ceil(height / rowHeight) + 2 * OVERSCAN));
  return { first, last };
}
