import type { IReport } from './tokens';

/** Hand `report` to the browser as a file. */
export function download(report: IReport): void {
  const url = URL.createObjectURL(new Blob([report.html], { type: 'text/html;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = report.file_name;
  link.click();
  // The browser has taken hold of the data by the next task; the address is of no use after that.
  window.setTimeout(() => URL.revokeObjectURL(url), 0);
}
