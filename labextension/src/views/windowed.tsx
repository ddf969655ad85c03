import * as React from 'react';

import { rowsInSight } from '../rows';

interface IWindowedProps {
  label: string;
  caption: React.ReactNode;
  header: React.ReactElement;
  columns: number;
  count: number;
  /** Pixels; the same for all rows. */
  rowHeight: number;
  row: (index: number) => React.ReactElement;
}

/** A table that scrolls by itself and has only those of its rows in the page that are in sight, and a few around them. */
export function WindowedTable(props: IWindowedProps): React.ReactElement {
  const { label, caption, header, columns, count, rowHeight, row } = props;
  const scroller = React.useRef<HTMLDivElement>(null);
  const [top, setTop] = React.useState(0);
  const [height, setHeight] = React.useState(0);
  React.useLayoutEffect(() => {
    const node = scroller.current;
    if (node === null) {
      return undefined;
    }
    const observer = new ResizeObserver(() => setHeight(node.clientHeight));
    observer.observe(node);
    setHeight(node.clientHeight);
    return () => observer.disconnect();
  }, []);
  const { first, last } = rowsInSight(top, height, rowHeight, count);
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, at) => row(first + at));
  return (
    // Focusable, so that the arrow keys scroll it.
    <div
      ref={scroller}
      className="privguard-Scroll"
      tabIndex={0}
      role="group"
      aria-label={label}
      onScroll={event => setTop(event.currentTarget.scrollTop)}
    >
      <table aria-rowcount={count + 1}>
        <caption>{caption}</caption>
        <thead>{header}</thead>
        <tbody>
          <Spacer height={first * rowHeight} columns={columns} />
          {rows}
          <Spacer height={(count - last) * rowHeight} columns={columns} />
        </tbody>
      </table>
    </div>
  );
}

function Spacer(props: { height: number; columns: number }): React.ReactElement | null {
  return props.height > 0 ? (
    <tr aria-hidden="true" className="privguard-Spacer">
      <td colSpan={props.columns} style={{ height: props.height }} />
    </tr>
  ) : null;
}
