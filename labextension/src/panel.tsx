import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import { guardIcon } from './icons';
import { tabByKey, TABS } from './tabs';
import type { Tab } from './tabs';
import type { IPanelModel, IProblem, ISession } from './tokens';
import { Note, ProblemNote } from './views/common';
import { DataView } from './views/data';
import { ExperimentView } from './views/experiment';
import { LogView } from './views/log';
import { Banner, NowView } from './views/now';
import { RequestsView } from './views/requests';

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

  /** Bring a part to the front; the panel itself may be hidden. */
  showTab(tab: Tab): void {
    this.tab = tab;
    this.update();
  }

  override dispose(): void {
    this.model.changed.disconnect(this.update, this);
    this.model.dispose();
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.model.watch('panel', true);
    this.update();
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.model.watch('panel', false);
    this.update();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.model.watch('panel', this.isVisible);
  }

  protected override render(): React.ReactElement {
    const { model, trans } = this;
    const view = model.view;
    switch (view.phase) {
      case 'no-notebook':
        return this.without(trans.__('Open a notebook to see its tier, its data and its log.'));
      case 'no-kernel':
        return this.without(trans.__('This notebook has no kernel. Start one to run guarded cells.'));
      case 'loading':
        return <Note text={trans.__('Reading the log…')} />;
      case 'problem':
        return <ProblemNote problem={view.problem} trans={trans} />;
      case 'ready':
        return (
          <Tabbed
            session={view.session}
            problem={view.problem}
            model={model}
            trans={trans}
            tab={this.tab}
            onTab={tab => this.showTab(tab)}
          />
        );
    }
  }

  /** Who answers requests may never open a notebook. Nothing is asked for while nobody looks. */
  private without(note: string): React.ReactElement {
    return (
      <>
        <Note text={note} />
        {this.isVisible && <RequestsView session={null} model={this.model} trans={this.trans} />}
      </>
    );
  }

  private tab: Tab = 'now';
}

interface ITabbedProps {
  session: ISession;
  /** Why `session` may not be the newest. */
  problem: IProblem | null;
  model: IPanelModel;
  trans: TranslationBundle;
  tab: Tab;
  onTab: (tab: Tab) => void;
}

function Tabbed(props: ITabbedProps): React.ReactElement {
  const { session, problem, model, trans, tab, onTab } = props;
  return (
    <>
      {/* Above what comes and goes, so that no tab moves away from under a pointer. */}
      <TabList tab={tab} onTab={onTab} trans={trans} />
      {problem !== null && <ProblemNote problem={problem} trans={trans} />}
      <Banner session={session} model={model} trans={trans} tab={tab} onTab={onTab} />
      <div role="tabpanel" id="privguard-tabpanel" aria-labelledby={`privguard-tab-${tab}`} className="privguard-TabPanel">
        {/* What was typed for one notebook is not for the next one. */}
        <TabContent key={session.kernel} session={session} model={model} trans={trans} tab={tab} onTab={onTab} />
      </div>
    </>
  );
}

function TabContent(props: Omit<ITabbedProps, 'problem'>): React.ReactElement {
  const { session, model, trans, tab, onTab } = props;
  switch (tab) {
    case 'now':
      return <NowView session={session} model={model} trans={trans} onTab={onTab} />;
    case 'data':
      return <DataView session={session} model={model} trans={trans} />;
    case 'log':
      return <LogView session={session} model={model} trans={trans} />;
    case 'requests':
      return <RequestsView session={session} model={model} trans={trans} />;
    case 'experiment':
      return <ExperimentView session={session} model={model} trans={trans} />;
  }
}

function TabList(props: { tab: Tab; onTab: (tab: Tab) => void; trans: TranslationBundle }): React.ReactElement {
  const { tab, onTab, trans } = props;
  const names: { [tab in Tab]: string } = {
    now: trans.__('Now'),
    data: trans.__('Data'),
    log: trans.__('Log'),
    requests: trans.__('Requests'),
    experiment: trans.__('Experiment')
  };
  const list = React.useRef<HTMLDivElement>(null);
  const move = (event: React.KeyboardEvent): void => {
    const next = tabByKey(tab, event.key);
    if (next !== null) {
      onTab(next);
      list.current?.querySelectorAll('button')[TABS.indexOf(next)]?.focus();
      event.preventDefault();
    }
  };
  return (
    <div ref={list} role="tablist" aria-label={trans.__('Privguard')} className="privguard-Tabs" onKeyDown={move}>
      {TABS.map(one => (
        <button
          key={one}
          type="button"
          role="tab"
          id={`privguard-tab-${one}`}
          aria-selected={one === tab}
          aria-controls="privguard-tabpanel"
          tabIndex={one === tab ? 0 : -1}
          onClick={() => onTab(one)}
        >
          {names[one]}
        </button>
      ))}
    </div>
  );
}
