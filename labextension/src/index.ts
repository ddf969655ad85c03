import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { api } from './api';
import { download } from './download';
import { PanelModel } from './model';
import { PrivguardPanel } from './panel';

const plugin: JupyterFrontEndPlugin<[INotebookTracker, ILayoutRestorer | null, ITranslator | null]> = {
  id: 'jupyter-privguard:panel',
  description: 'Side bar with the tier, the column classes and the log of the notebook in front.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ILayoutRestorer, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    restorer: ILayoutRestorer | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyter_privguard');
    const panel = new PrivguardPanel(new PanelModel(tracker, api, download), trans);
    app.shell.add(panel, 'right', { rank: 900 });
    restorer?.add(panel, 'privguard-panel');
  }
};

export default plugin;
