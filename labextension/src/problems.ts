import type { IProblem } from './tokens';

/** A request that failed, with the problem to show. */
export class RequestError extends Error {
  constructor(readonly problem: IProblem) {
    super(problem.code);
  }
}

/** The problem to show for whatever was thrown. */
export function problemOf(error: unknown): IProblem {
  if (error instanceof RequestError) {
    return error.problem;
  }
  return { code: 'failed', message: 'privguard: that did not work.', hint: 'Reload the page, then try again.' };
}

/** The problem in an answer that is none: the server's own words, else what its status means. */
export function problemIn(body: unknown, status: number): IProblem {
  return isProblem(body) ? body : unknownProblem(status);
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
