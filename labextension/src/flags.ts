import type { IModelFlag, IModels } from './tokens';

/** What of models the panel shows: the newest flags, and how many there are besides. */
export interface IModelNote {
  readonly flags: readonly IModelFlag[];
  readonly total: number;
  readonly others: number;
}

/** The newest `most` flags of `models`; null where nothing is to be looked at, or nothing is known. */
export function modelNote(models: IModels | null, most: number): IModelNote | null {
  if (models === null || models.total === 0) {
    return null;
  }
  const flags = models.flags.slice(-most);
  return { flags, total: models.total, others: models.total - flags.length };
}
