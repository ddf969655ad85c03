import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import { guardIcon } from './icons';
import type { IPanelModel, View } from './tokens';
import { DataView } from './views/data';
import { LogView } from './views/log';
import { Note, ProblemNote, StatusView } from './views/status';

/** The side bar: renders the model, and tells it whether anybody looks. */
export class PrivguardPanel extends ReactWidget {
  constructor(
    private readonly model: IPanelModel,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.id = 'privguard-panel';
    this.addClass('privguard-Panel');
    this.title.icon = guardIcon;
    this.title.caption = trans.__('Privguard: tier, data and log of the notebook in front');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Privguard'));
    model.changed.connect(this.update, this);
  }

  override dispose(): void {
    this.model.changed.disconnect(this.update, this);
    this.model.dispose();
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.model.setVisible(true);
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.model.setVisible(false);
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.model.setVisible(this.isVisible);
  }

  protected override render(): React.ReactElement {
    return <Content view={this.model.view} model={this.model} trans={this.trans} />;
  }
}

function Content(props: { view: View; model: IPanelModel; trans: TranslationBundle }): React.ReactElement {
  const { view, model, trans } = props;
  switch (view.phase) {
    case 'no-notebook':
      return <Note text={trans.__('Open a notebook to see its tier, its data and its log.')} />;
    case 'no-kernel':
      return <Note text={trans.__('This notebook has no kernel. Start one to run guarded cells.')} />;
    case 'loading':
      return <Note text={trans.__('Reading the log…')} />;
    case 'problem':
      return <ProblemNote problem={view.problem} trans={trans} />;
    case 'ready':
      return (
        <>
          <StatusView
            session={view.session}
            notebook={model.notebook}
            exported={model.exported}
            onExport={experiment => void model.exportReport(experiment)}
            trans={trans}
          />
          {view.session.session !== null && (
            <>
              <DataView datasets={view.session.datasets} trans={trans} />
              <LogView events={view.session.events} trans={trans} />
            </>
          )}
        </>
      );
  }
}
