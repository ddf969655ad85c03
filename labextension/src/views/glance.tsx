import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { clock } from '../events';
import { glance } from '../session';
import type { IGlance } from '../session';
import type { Tab } from '../tabs';
import type { IPanelModel, ISession, IVerification } from '../tokens';
import { Words } from './common';
import { ExportButton, ExportResult, firstStep } from './experiment';

/** What was classified, shown and logged in this session, each leading to its part; and the compliance file. */
export function GlanceView(props: {
  session: ISession;
  model: IPanelModel;
  trans: TranslationBundle;
  onTab: (tab: Tab) => void;
}): React.ReactElement | null {
  const { session, model, trans, onTab } = props;
  const numbers = React.useMemo(() => glance(session), [session]);
  if (session.session === null) {
    return null;
  }
  const experiment = session.experiments[0];
  const facts: readonly [name: string, words: string, tab: Tab][] = [
    [trans.__('Classified'), classified(numbers, trans), 'data'],
    [trans.__('Shown'), shown(numbers, trans), 'log'],
    [trans.__('Logged'), logged(numbers, model.verification, trans), 'log']
  ];
  return (
    <div className="privguard-Glance" role="group" aria-label={trans.__('At a glance')}>
      <h3>{trans.__('At a glance')}</h3>
      <dl>
        {facts.map(([name, words, tab]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>
              <button type="button" className="privguard-Link" onClick={() => onTab(tab)}>
                {words}
              </button>
            </dd>
          </React.Fragment>
        ))}
      </dl>
      <ExportButton experiment={experiment} model={model} trans={trans} />
      <p id="privguard-export-hint" className="privguard-Hint">
        {experiment === undefined ? <Words text={firstStep(trans)} /> : trans.__('Of experiment %1.', experiment)}
      </p>
      <ExportResult exported={model.exported} trans={trans} />
    </div>
  );
}

function classified(numbers: IGlance, trans: TranslationBundle): string {
  const { datasets, columns, sensitive, unused } = numbers;
  if (datasets === 0) {
    return trans.__('no table yet');
  }
  return [
    trans._n('%1 data set', '%1 data sets', datasets),
    trans._n('%2 of %1 column sensitive', '%2 of %1 columns sensitive', columns, sensitive),
    unused > 0 && trans.__('%1 of them not used', unused)
  ]
    .filter(Boolean)
    .join(', ');
}

function shown(numbers: IGlance, trans: TranslationBundle): string {
  const { masked, maskedCells } = numbers;
  return masked === 0
    ? trans.__('nothing had to be masked')
    : `${trans._n('%1 value masked', '%1 values masked', masked)} ${trans._n('in %1 cell', 'in %1 cells', maskedCells)}`;
}

function logged(numbers: IGlance, verification: IVerification | null, trans: TranslationBundle): string {
  const { events, refused, alerts, newest } = numbers;
  const { whole = null, checked = null, size = 0 } = verification ?? {};
  return [
    trans._n('%1 event', '%1 events', events),
    refused > 0 && trans.__('%1 refused', refused),
    alerts > 0 && trans._n('%1 alert', '%1 alerts', alerts),
    whole === null
      ? trans.__('not verified yet')
      : whole
        ? newest > size
          ? trans.__('verified at %1, but for newer ones', clock(checked))
          : trans.__('verified at %1', clock(checked))
        : trans.__('the log is not whole')
  ]
    .filter(Boolean)
    .join(', ');
}
