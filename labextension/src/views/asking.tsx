import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { IPanelModel, ISession } from '../tokens';
import { ChoiceField, DoingNote, TextField, useDoing } from './common';

/** As long as the kernel shows it in a cell. */
const SHOWN_MS = 30_000;

/** Ask for a tier; of the newest data set of the notebook in front, where there is one. */
export function AskForm(props: {
  session: ISession | null;
  model: IPanelModel;
  onChange: () => Promise<void>;
  trans: TranslationBundle;
}): React.ReactElement {
  const { session, model, onChange, trans } = props;
  const [tier, setTier] = React.useState('compliance');
  const [dataset, setDataset] = React.useState(session?.datasets.at(-1)?.name ?? '');
  const [columns, setColumns] = React.useState('');
  const [reason, setReason] = React.useState('');
  const [term, setTerm] = React.useState('8h');
  const [doing, start] = useDoing();
  const isReady = dataset.trim() !== '' && reason.trim() !== '' && doing.phase !== 'running';
  const send = (event: React.FormEvent): void => {
    event.preventDefault();
    if (!isReady) {
      return;
    }
    start(async () => {
      const labels = columns.split(',').map(label => label.trim()).filter(Boolean);
      const body = { tier, dataset: dataset.trim(), columns: labels, reason: reason.trim(), for: term.trim() };
      const { message } = await model.api.ask(body);
      await onChange();
      return message;
    });
  };
  return (
    <form className="privguard-Form" aria-label={trans.__('Ask for a tier')} onSubmit={send}>
      <h3>{trans.__('Ask for a tier')}</h3>
      <ChoiceField
        label={trans.__('Tier')}
        value={tier}
        choices={[
          ['internal', trans.__('internal')],
          ['compliance', trans.__('compliance')]
        ]}
        onChange={setTier}
      />
      <TextField label={trans.__('Data set')} value={dataset} onChange={setDataset} required />
      <TextField label={trans.__('Columns')} value={columns} onChange={setColumns} placeholder={trans.__('all, or a, b')} />
      <TextField label={trans.__('Reason')} value={reason} onChange={setReason} required />
      <TextField label={trans.__('For')} value={term} onChange={setTerm} placeholder="8h" />
      <button type="submit" className="jp-mod-styled jp-mod-accept" disabled={!isReady}>
        {trans.__('Ask')}
      </button>
      <DoingNote doing={doing} isBusy={false} trans={trans} />
    </form>
  );
}

/** Reveal a single value, on the screen alone. */
export function RevealForm(props: { model: IPanelModel; trans: TranslationBundle }): React.ReactElement {
  const { model, trans } = props;
  const [handle, setHandle] = React.useState('');
  const [reason, setReason] = React.useState('');
  const [value, setValue] = React.useState('');
  const [doing, start] = useDoing();
  const isReady = handle.trim() !== '' && reason.trim() !== '' && doing.phase !== 'running';
  React.useEffect(() => {
    const timer = window.setTimeout(() => setValue(''), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [value]);
  const send = (event: React.FormEvent): void => {
    event.preventDefault();
    if (isReady) {
      start(async () => {
        setValue(await model.reveal(handle.trim(), reason.trim()));
        return '';
      });
    }
  };
  return (
    <form className="privguard-Form" aria-label={trans.__('Reveal one value')} onSubmit={send}>
      <h3>{trans.__('Reveal one value')}</h3>
      <TextField label={trans.__('Handle')} value={handle} onChange={setHandle} placeholder="tok_…" required />
      <TextField label={trans.__('Reason')} value={reason} onChange={setReason} required />
      <button type="submit" className="jp-mod-styled" disabled={!isReady}>
        {trans.__('Reveal')}
      </button>
      <p className="privguard-Hint">{trans.__('It is shown for half a minute, recorded, and saved nowhere.')}</p>
      {value !== '' && <output className="privguard-Revealed">{value}</output>}
      <DoingNote doing={doing} isBusy={model.isBusy} trans={trans} />
    </form>
  );
}
