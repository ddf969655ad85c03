import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Widget } from '@lumino/widgets';

import { guardIcon } from './icons';
import type { IReport } from './tokens';

/** Hand `content` to the browser as a file. */
export function download(name: string, content: string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken hold of the data by the next task; the address is of no use after that.
  window.setTimeout(() => URL.revokeObjectURL(url), 0);
}

let opened = 0;

/** Show `report` in a tab of the main area, without rights: nothing in it runs or reaches the page around it. */
export function open(report: IReport, app: JupyterFrontEnd): void {
  const widget = new Widget();
  opened += 1;
  widget.id = `privguard-report-${opened}`;
  widget.title.label = report.file_name;
  widget.title.icon = guardIcon;
  widget.title.closable = true;
  widget.addClass('privguard-Report');
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', '');
  frame.title = report.file_name;
  frame.srcdoc = report.html;
  widget.node.appendChild(frame);
  app.shell.add(widget, 'main');
  app.shell.activateById(widget.id);
}
