import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { PrivguardPanel } from './panel';
import type { Tab } from './tabs';
import type { IPanelModel } from './tokens';

/** Commands for the palette, for keyboard shortcuts and for other extensions. */
export function addCommands(
  app: JupyterFrontEnd,
  palette: ICommandPalette | null,
  panel: PrivguardPanel,
  model: IPanelModel,
  trans: TranslationBundle
): void {
  const show = (tab: Tab): void => {
    panel.showTab(tab);
    app.shell.activateById(panel.id);
  };
  const experiment = (): string | undefined =>
    model.view.phase === 'ready' ? model.view.session.experiments[0] : undefined;
  const commands: readonly [id: string, label: string, execute: () => void, isEnabled?: () => boolean][] = [
    ['show-now', trans.__('Show guard, tier and purpose'), () => show('now')],
    ['show-data', trans.__('Show data sets and classes of columns'), () => show('data')],
    ['show-log', trans.__('Show the log'), () => show('log')],
    ['show-requests', trans.__('Show requests for tiers'), () => show('requests')],
    ['show-experiment', trans.__('Show the experiment'), () => show('experiment')],
    [
      'verify',
      trans.__('Verify the log'),
      () => {
        show('log');
        void model.verify();
      }
    ],
    [
      'export',
      trans.__('Export compliance file'),
      () => {
        const name = experiment();
        if (name !== undefined) {
          show('experiment');
          void model.exportReport(name, 'html');
        }
      },
      () => experiment() !== undefined
    ]
  ];
  for (const [id, label, execute, isEnabled] of commands) {
    const command = `jupyter-privguard:${id}`;
    app.commands.addCommand(command, { label, execute, isEnabled: isEnabled ?? (() => true) });
    palette?.addItem({ command, category: trans.__('Privguard') });
  }
  model.changed.connect(() => app.commands.notifyCommandChanged('jupyter-privguard:export'));
}
