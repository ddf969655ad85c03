import type { IMessage, ISessionContext } from '@jupyterlab/notebook';

import { RequestError } from './problems';
import type { IExplanation } from './tokens';

/** What a run in the kernel put out. */
interface IOutput {
  readonly text: string;
  /** What was shown for the screen alone. */
  readonly revealed: string;
}

/**
 * Run `%privguard WORDS` in the kernel, which records it as any other cell; what it printed.
 *
 * The magic is called as a function: as a line of IPython, braces and dollar signs in a column's label would be
 * evaluated.
 */
export async function runMagic(context: ISessionContext | null, words: readonly string[]): Promise<string> {
  return (await run(context, magicCode(words))).text.trim();
}

/** The value behind `handle`, as the kernel shows it for half a minute. */
export async function reveal(context: ISessionContext | null, handle: string, reason: string): Promise<string> {
  return (await run(context, magicCode(['reveal', handle, '--reason', reason]))).revealed;
}

/** Why the columns of the table in `variable` have their classes, and the k of its quasi-identifiers. */
export async function explain(context: ISessionContext | null, variable: string): Promise<IExplanation> {
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(variable)) {
    throw failed('privguard: that data set is in no variable that can be named.', 'Give the table a variable of its own.');
  }
  const facts = '{"evidence": {v.column: list(v.evidence) for v in c}, "quasi": c.quasi_identifiers.to_json()}';
  const found = `(lambda c: ${facts})(__import__("jupyter_privguard").classify(${variable}))`;
  const output = await run(context, `print(__import__("json").dumps(${found}))`);
  try {
    return JSON.parse(output.text) as IExplanation;
  } catch {
    throw failed('privguard: the kernel did not tell why.', 'Run `%privguard classify` in a cell.');
  }
}

/** The call of the magic as one expression. */
export function magicCode(words: readonly string[]): string {
  const line = words.map(word => `'${word.replaceAll("'", `'"'"'`)}'`).join(' ');
  return `__import__("IPython").get_ipython().find_line_magic("privguard")(${JSON.stringify(line)})`;
}

async function run(context: ISessionContext | null, code: string): Promise<IOutput> {
  const kernel = context?.session?.kernel ?? null;
  if (kernel === null) {
    throw failed('privguard: this notebook has no kernel.', 'Start one, then try again.');
  }
  const future = kernel.requestExecute({ code, store_history: false, stop_on_error: false, allow_stdin: false });
  let text = '';
  let revealed = '';
  future.onIOPub = message => {
    text += printed(message);
    revealed ||= shownOnce(message);
  };
  let status: string;
  let said: string;
  try {
    const content = (await future.done).content;
    status = content.status;
    said = content.evalue ?? '';
  } catch {
    throw failed('privguard: the kernel ended before it answered.', 'Try again once it runs.');
  }
  if (status !== 'ok') {
    const message = said.startsWith('privguard:') ? said : 'privguard: the kernel could not do that.';
    throw failed(message, said.startsWith('privguard:') ? '' : 'Run `%privguard status` in a cell.');
  }
  return { text, revealed };
}

function printed(message: IMessage): string {
  const { name, text } = message.content;
  return message.header.msg_type === 'stream' && name === 'stdout' && typeof text === 'string' ? text : '';
}

function shownOnce(message: IMessage): string {
  const { data, metadata } = message.content;
  const plain = data?.['text/plain'];
  const isRevealed = message.header.msg_type === 'display_data' && metadata?.['privguard'] === 'revealed';
  return isRevealed && typeof plain === 'string' ? plain : '';
}

function failed(message: string, hint: string): RequestError {
  return new RequestError({ code: 'kernel', message, hint });
}
