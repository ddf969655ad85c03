import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { modelNote } from '../flags';
import type { Tab } from '../tabs';
import type { IModels } from '../tokens';
import { Words } from './common';

/** The newest ones; `privguard model list` names all. */
const SHOWN = 3;

/** Aliases of models that no signed approval covers, and what else of models is to be looked at. */
export function ModelAlert(props: {
  models: IModels | null;
  isShort: boolean;
  onTab: (tab: Tab) => void;
  trans: TranslationBundle;
}): React.ReactElement | null {
  const { models, isShort, onTab, trans } = props;
  const note = modelNote(models, SHOWN);
  if (note === null) {
    return null;
  }
  return (
    <div className="privguard-Alert" role="alert" data-models={note.total}>
      <strong>{trans._n('%1 thing to look at in models', '%1 things to look at in models', note.total)}</strong>{' '}
      {isShort ? (
        <button type="button" className="privguard-Link" onClick={() => onTab('now')}>
          {trans.__('Show models')}
        </button>
      ) : (
        <ul>
          {note.flags.map(flag => (
            <li key={`${flag.model} ${flag.version} ${flag.alias} ${flag.problem}`}>{flag.says}</li>
          ))}
          {note.others > 0 && (
            <li>
              <Words text={trans._n('and %1 more; `privguard model list` names it', 'and %1 more; `privguard model list` names them', note.others)} />
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
