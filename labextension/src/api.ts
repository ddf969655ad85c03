import { problemIn, RequestError } from './problems';
import type {
  IAccessRequest,
  IApi,
  IEntity,
  IGaps,
  IModelRequest,
  IModels,
  IOverview,
  IReport,
  IReportNotebook,
  IRequests,
  ISession,
  IVerification
} from './tokens';

/** Ask a route below `privguard/api/v1`; the token and the XSRF cookie go along. Rejects where nobody answers. */
export type Ask = (path: string, init: RequestInit) => Promise<Response>;

/** The routes of the server extension, asked by `ask`; all reject with `RequestError` only. */
export function createApi(ask: Ask): IApi {
  const get = <T>(path: string): Promise<T> => answerOf<T>(ask(path, {}));
  const post = <T>(path: string, body: object): Promise<T> =>
    answerOf<T>(ask(path, { method: 'POST', body: JSON.stringify(body) }));
  return {
    session: (kernel, after) => get<ISession>(`session/${encodeURIComponent(kernel)}?after=${after}`),
    report: (experiment, notebook) => post<IReport>('report', aboutReport(experiment, notebook)),
    reportNotebook: (experiment, notebook) =>
      post<IReportNotebook>('report/notebook', aboutReport(experiment, notebook)),
    gaps: () => get<IGaps>('gaps'),
    models: () => get<IModels>('models'),
    verification: () => get<IVerification>('verification'),
    verify: () => post<IVerification>('verification', {}),
    entities: async () => (await get<{ entities: IEntity[] }>('entities')).entities,
    requests: () => get<IRequests<IAccessRequest>>('requests'),
    modelRequests: () => get<IRequests<IModelRequest>>('models/requests'),
    ask: body => post<{ id: string; message: string }>('requests', body),
    answer: (id, body) => post<IAccessRequest>(`requests/${encodeURIComponent(id)}`, body),
    answerModel: (id, body) => post<IModelRequest>(`models/requests/${encodeURIComponent(id)}`, body),
    experiment: name => get<IOverview>(`experiment?name=${encodeURIComponent(name)}`)
  };
}

async function answerOf<T>(asked: Promise<Response>): Promise<T> {
  let response: Response;
  try {
    response = await asked;
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
  throw new RequestError(problemIn(body, response.status));
}

function aboutReport(experiment: string, notebook: string | null): object {
  return notebook === null ? { experiment } : { experiment, notebook };
}
