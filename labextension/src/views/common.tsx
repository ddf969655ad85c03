import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { problemOf } from '../problems';
import { partsOf } from '../texts';
import type { Doing, IProblem } from '../tokens';

/** A sentence whose parts between backquotes are code. */
export function Words(props: { text: string }): React.ReactElement {
  return (
    <>
      {partsOf(props.text).map((part, index) =>
        part.isCode ? <code key={index}>{part.text}</code> : <React.Fragment key={index}>{part.text}</React.Fragment>
      )}
    </>
  );
}

/** One sentence in place of content; read out when it changes. */
export function Note(props: { text: string }): React.ReactElement {
  return (
    <p className="privguard-Note" role="status">
      <Words text={props.text} />
    </p>
  );
}

/** What went wrong and what now. */
export function ProblemNote(props: { problem: IProblem; trans: TranslationBundle }): React.ReactElement {
  const { problem, trans } = props;
  return (
    <div className="privguard-Problem" role="alert" data-code={problem.code}>
      <strong>{problem.code.startsWith('log_') ? trans.__('The log cannot be used') : trans.__('Problem')}</strong>
      <p>
        <Words text={problem.message} />
      </p>
      {problem.hint !== '' && (
        <p>
          <Words text={problem.hint} />
        </p>
      )}
    </div>
  );
}

/** A name and what it is; nothing where there is nothing. */
export function Fact(props: { name: string; value: string | null }): React.ReactElement | null {
  return props.value ? (
    <>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </>
  ) : null;
}

/** What became of something that a person asked for. */
export function DoingNote(props: { doing: Doing; isBusy: boolean; trans: TranslationBundle }): React.ReactElement | null {
  const { doing, isBusy, trans } = props;
  switch (doing.phase) {
    case 'running':
      return <Note text={isBusy ? trans.__('Waits until the kernel has done what it does…') : trans.__('Working…')} />;
    case 'failed':
      return <ProblemNote problem={doing.problem} trans={trans} />;
    case 'done':
      return doing.text === '' ? null : <Note text={doing.text} />;
    default:
      return null;
  }
}

/** A line to type in, with its label. */
export function TextField(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  required?: boolean;
}): React.ReactElement {
  const { label, value, onChange, placeholder, required } = props;
  return (
    <label className="privguard-Field">
      <span>{label}</span>
      <input
        type="text"
        className="jp-mod-styled"
        value={value}
        placeholder={placeholder}
        required={required}
        maxLength={500}
        onChange={event => onChange(event.target.value)}
      />
    </label>
  );
}

/** A choice out of a list of values and their names, with its label. */
export function ChoiceField(props: {
  label: string;
  value: string;
  choices: readonly (readonly [value: string, name: string])[];
  onChange: (value: string) => void;
}): React.ReactElement {
  const { label, value, choices, onChange } = props;
  return (
    <label className="privguard-Field">
      <span>{label}</span>
      <select value={value} onChange={event => onChange(event.target.value)}>
        {choices.map(([choice, name]) => (
          <option key={choice} value={choice}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A value and its setter that a component keeps about something it asked the server for. */
export function useDoing(): [Doing, (what: () => Promise<string>) => void] {
  const [doing, setDoing] = React.useState<Doing>({ phase: 'none' });
  const start = (what: () => Promise<string>): void => {
    setDoing({ phase: 'running' });
    what().then(
      text => setDoing({ phase: 'done', text }),
      (error: unknown) => setDoing({ phase: 'failed', problem: problemOf(error) })
    );
  };
  return [doing, start];
}
