import type { IAccessRequest, IModelRequest } from './tokens';

/** A request with what it is for. */
export type Asked =
  | { readonly kind: 'tier'; readonly request: IAccessRequest }
  | { readonly kind: 'model'; readonly request: IModelRequest };

/** Requests of both kinds in one list, the newest first; of the same moment as they came. */
export function newestFirst(access: readonly IAccessRequest[], models: readonly IModelRequest[]): readonly Asked[] {
  const all: Asked[] = [
    ...access.map(request => ({ kind: 'tier', request }) as const),
    ...models.map(request => ({ kind: 'model', request }) as const)
  ];
  return all.sort((one, other) => Date.parse(other.request.asked) - Date.parse(one.request.asked));
}

/** What somebody who looks at a request may do about it. */
export interface IActs {
  readonly mayApprove: boolean;
  /** Refuse what waits, withdraw what is one's own, revoke what was granted. */
  readonly mayDeny: 'deny' | 'withdraw' | 'revoke' | null;
}

/** What whoever looks may do about `request`; nothing about one that is over or was refused. */
export function actsOn(request: IAccessRequest | IModelRequest): IActs {
  const isOpen = request.state === 'pending' || request.state === 'granted';
  if (!isOpen || !(request.is_own || request.may_answer)) {
    return { mayApprove: false, mayDeny: null };
  }
  return {
    mayApprove: request.may_answer && request.state === 'pending',
    mayDeny: request.is_own ? 'withdraw' : request.state === 'granted' ? 'revoke' : 'deny'
  };
}
