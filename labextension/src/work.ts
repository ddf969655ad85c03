import type { ISessionContext } from '@jupyterlab/notebook';

import * as inKernel from './kernel';
import { problemOf } from './problems';
import type { Doing, IExplanation } from './tokens';

/** What people ask of the kernel: commands, explanations, single values. One thing at a time; it is in `doing`. */
export class KernelWork {
  doing: Doing = { phase: 'none' };

  /** `context` is that of the notebook in front; `onChange` is called after each change of `doing`. */
  constructor(
    private readonly context: () => ISessionContext | null,
    private readonly onChange: () => void
  ) {}

  /** Another notebook or kernel is in front: nothing that was said of the one before holds. */
  startOver(): void {
    this.generation += 1;
    this.explanations.clear();
    this.doing = { phase: 'none' };
  }

  /** Run `%privguard WORDS`; what came of it is in `doing`. */
  command(words: readonly string[]): Promise<void> {
    return this.does(async () => inKernel.runMagic(this.context(), words));
  }

  /** The explanation of a data set by its `seq`, once it was asked for. */
  explanation(seq: number): IExplanation | null {
    return this.explanations.get(seq) ?? null;
  }

  /** Ask why the columns of the table in `variable` have their classes. */
  explain(seq: number, variable: string): Promise<void> {
    const generation = this.generation;
    return this.does(async () => {
      const found = await inKernel.explain(this.context(), variable);
      if (generation === this.generation) {
        this.explanations.set(seq, found);
      }
      return '';
    });
  }

  /** The value behind a handle, for the screen alone. */
  reveal(handle: string, reason: string): Promise<string> {
    return inKernel.reveal(this.context(), handle, reason);
  }

  private async does(what: () => Promise<string>): Promise<void> {
    if (this.doing.phase === 'running') {
      return;
    }
    const generation = this.generation;
    this.put({ phase: 'running' });
    let doing: Doing;
    try {
      doing = { phase: 'done', text: await what() };
    } catch (error) {
      doing = { phase: 'failed', problem: problemOf(error) };
    }
    if (generation === this.generation) {
      this.put(doing);
    }
  }

  private put(doing: Doing): void {
    this.doing = doing;
    this.onChange();
  }

  private readonly explanations = new Map<number, IExplanation>();
  /** Counts notebooks and kernels, so that a late end for an earlier one is dropped. */
  private generation = 0;
}
