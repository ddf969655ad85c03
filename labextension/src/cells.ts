import type { NotebookPanel } from '@jupyterlab/notebook';

/** Whether a notebook is in front and has the cell `cellId`. */
export function canJumpTo(panel: NotebookPanel | null, cellId: string | null): boolean {
  return cellId !== null && placeOf(panel, cellId) >= 0;
}

/** Bring a cell into view and make it the active one; nothing happens where it is not there. */
export function jumpTo(panel: NotebookPanel | null, cellId: string): void {
  const place = placeOf(panel, cellId);
  if (panel !== null && place >= 0) {
    panel.content.activeCellIndex = place;
    void panel.content.scrollToItem(place, 'center');
    panel.content.activate();
  }
}

function placeOf(panel: NotebookPanel | null, cellId: string): number {
  return panel?.content.widgets.findIndex(cell => cell.model.id === cellId) ?? -1;
}
