import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type {
  IAccessRequest,
  IAccessRequests,
  IApi,
  IEntity,
  IGaps,
  IOverview,
  IProblem,
  IReport,
  IReportNotebook,
  ISession,
  IVerification
} from './tokens';

const ROOT = 'privguard/api/v1';

/** A request that failed, with the problem to show. */
export class RequestError extends Error {
  constructor(readonly problem: IProblem) {
    super(problem.code);
  }
}

/** Ask the server; the token and the XSRF cookie go along. Rejects with `RequestError` only. */
export async function requestAPI<T>(path: string, init: RequestInit = {}): Promise<T> {
  const settings = ServerConnection.makeSettings();
  let response: Response;
  try {
    response = await ServerConnection.makeRequest(URLExt.join(settings.baseUrl, ROOT, path), init, settings);
  } catch {
    throw new RequestError({
      code: 'unreachable',
      message: 'privguard: the Jupyter server does not answer.',
      hint: 'Check that it still runs; the panel asks again every few seconds.'
    });
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok && body !== null) {
    return body as T;
  }
  throw new RequestError(isProblem(body) ? body : unknownProblem(response.status));
}

function isProblem(body: unknown): body is IProblem {
  const problem = body as Partial<IProblem> | null;
  return typeof problem?.code === 'string' && typeof problem.message === 'string' && typeof problem.hint === 'string';
}

function unknownProblem(status: number): IProblem {
  return {
    code: 'failed',
    message: `privguard: the Jupyter server answered with status ${status}.`,
    hint:
      status === 404
        ? 'Enable the server extension with `jupyter server extension enable jupyter_privguard`, then restart the server.'
        : 'The log of the Jupyter server has more.'
  };
}

/** The routes of the server extension. */
export const api: IApi = {
  session: (kernel, after) => requestAPI<ISession>(`session/${encodeURIComponent(kernel)}?after=${after}`),
  report: (experiment, notebook) => post<IReport>('report', aboutReport(experiment, notebook)),
  reportNotebook: (experiment, notebook) =>
    post<IReportNotebook>('report/notebook', aboutReport(experiment, notebook)),
  gaps: () => requestAPI<IGaps>('gaps'),
  verification: () => requestAPI<IVerification>('verification'),
  verify: () => post<IVerification>('verification', {}),
  entities: async () => (await requestAPI<{ entities: IEntity[] }>('entities')).entities,
  requests: () => requestAPI<IAccessRequests>('requests'),
  ask: body => post<{ id: string; message: string }>('requests', body),
  answer: (id, body) => post<IAccessRequest>(`requests/${encodeURIComponent(id)}`, body),
  experiment: name => requestAPI<IOverview>(`experiment?name=${encodeURIComponent(name)}`)
};

function aboutReport(experiment: string, notebook: string | null): object {
  return notebook === null ? { experiment } : { experiment, notebook };
}

function post<T>(path: string, body: object): Promise<T> {
  return requestAPI<T>(path, { method: 'POST', body: JSON.stringify(body) });
}

/** The problem to show for whatever was thrown. */
export function problemOf(error: unknown): IProblem {
  if (error instanceof RequestError) {
    return error.problem;
  }
  return { code: 'failed', message: 'privguard: that did not work.', hint: 'Reload the page, then try again.' };
}
