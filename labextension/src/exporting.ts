import { problemOf } from './problems';
import type { Delivery, ExportState, IApi, IDelivery } from './tokens';

/** Exports the compliance file of an experiment and hands it over; where that stands is in `state`. */
export class Exporting {
  state: ExportState = { phase: 'none' };

  /** `deliver` hands each finished report to the user; `onChange` is called after each change of `state`. */
  constructor(
    private readonly api: IApi,
    private readonly deliver: IDelivery,
    private readonly onChange: () => void
  ) {}

  /** Another notebook is in front: an export that runs is handed over and says nothing about the new one. */
  startOver(): void {
    this.generation += 1;
    this.state = { phase: 'none' };
  }

  /** Make it, naming the `notebook` at that path of the server, if any. Failures are in `state`. */
  async run(experiment: string, notebook: string | null, delivery: Delivery): Promise<void> {
    const generation = this.generation;
    this.put({ phase: 'running' });
    let state: ExportState;
    try {
      const { file_name, sha256 } = await this.made(experiment, notebook, delivery);
      state = { phase: 'done', fileName: file_name, sha256 };
    } catch (error) {
      state = { phase: 'failed', problem: problemOf(error) };
    }
    if (generation === this.generation) {
      this.put(state);
    }
  }

  private async made(
    experiment: string,
    notebook: string | null,
    delivery: Delivery
  ): Promise<{ readonly file_name: string; readonly sha256: string }> {
    if (delivery === 'notebook') {
      const made = await this.api.reportNotebook(experiment, notebook);
      this.deliver.file(made.file_name, made.notebook, 'application/x-ipynb+json');
      return made;
    }
    const report = await this.api.report(experiment, notebook);
    if (delivery === 'tab') {
      this.deliver.tab(report);
    } else {
      this.deliver.file(report.file_name, report.html, 'text/html;charset=utf-8');
    }
    return report;
  }

  private put(state: ExportState): void {
    this.state = state;
    this.onChange();
  }

  /** Counts notebooks, so that a late end for an earlier one is dropped. */
  private generation = 0;
}
