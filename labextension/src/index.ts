import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { createApi } from './api';
import { addCommands } from './commands';
import { askServer } from './connection';
import { download, open } from './delivery';
import { PanelModel } from './model';
import { PrivguardPanel } from './panel';
import { followSettings } from './settings';
import { StatusItem } from './status';

const ID = 'jupyter-privguard:panel';
const STATUS = 'jupyter-privguard:status';

/** What Lab may have and Notebook may not. */
type Optional = [ILayoutRestorer | null, ITranslator | null, ICommandPalette | null, IStatusBar | null, ISettingRegistry | null];

const plugin: JupyterFrontEndPlugin<[INotebookTracker, ...Optional]> = {
  id: ID,
  description: 'Side bar with the tier, the column classes and the log of the notebook in front.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ILayoutRestorer, ITranslator, ICommandPalette, IStatusBar, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    restorer: ILayoutRestorer | null,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    statusBar: IStatusBar | null,
    registry: ISettingRegistry | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyter_privguard');
    const model = new PanelModel(tracker, createApi(askServer), { file: download, tab: report => open(report, app) });
    const panel = new PrivguardPanel(model, trans);
    app.shell.add(panel, 'right', { rank: 900 });
    restorer?.add(panel, 'privguard-panel');
    addCommands(app, palette, panel, model, trans);
    const item = statusBar && new StatusItem(model, trans, () => app.shell.activateById(panel.id));
    if (statusBar !== null && item !== null) {
      const { activeStateChanged } = item;
      const isActive = (): boolean => item.isActive;
      statusBar.registerStatusItem(STATUS, { item, align: 'left', rank: 90, isActive, activeStateChanged });
      model.watch('status', true);
    }
    void followSettings(registry, ID, model, item);
  }
};

export default plugin;
