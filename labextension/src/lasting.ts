import { problemOf, RequestError } from './problems';
import type { Doing, IApi, IEntity, IGaps, IModels, IVerification } from './tokens';

/** What the server says that does not change with each cell: gaps, models, the last check of the log, entities. */
export class Lasting {
  gaps: IGaps | null = null;
  models: IModels | null = null;
  verification: IVerification | null = null;
  checking: Doing = { phase: 'none' };
  entities: readonly IEntity[] = [];

  /** `onChange` is called after each change. */
  constructor(
    private readonly api: IApi,
    private readonly onChange: () => void
  ) {}

  /** Ask for all of it; entities once. */
  async refresh(): Promise<void> {
    await Promise.all([
      this.refreshGaps(),
      this.keep(this.api.verification(), found => (this.verification = found)),
      this.entities.length > 0 || this.keep(this.api.entities(), found => (this.entities = found))
    ]);
  }

  /** Gaps, and what of models is to be looked at. */
  async refreshGaps(): Promise<void> {
    await Promise.all([
      this.keep(this.api.gaps(), found => (this.gaps = found)),
      this.keep(this.api.models(), found => (this.models = found))
    ]);
  }

  /** Check the whole log, once at a time; what became of it is in `checking`, what it found in `verification`. */
  async verify(): Promise<void> {
    if (this.checking.phase === 'running') {
      return;
    }
    this.setChecking({ phase: 'running' });
    try {
      this.verification = await this.api.verify();
      this.setChecking({ phase: 'none' });
    } catch (error) {
      this.setChecking({ phase: 'failed', problem: problemOf(error) });
    }
  }

  /** Keep an answer. One that fails leaves what is known: what the session's answer says of the log is shown. */
  private async keep<T>(answer: Promise<T>, put: (found: T) => void): Promise<void> {
    try {
      put(await answer);
    } catch (error) {
      if (!(error instanceof RequestError)) {
        throw error;
      }
      return;
    }
    this.onChange();
  }

  private setChecking(checking: Doing): void {
    this.checking = checking;
    this.onChange();
  }
}
