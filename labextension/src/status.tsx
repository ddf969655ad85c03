import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import * as React from 'react';

import type { IPanelModel } from './tokens';
import { stateName } from './views/now';

/** The item of the status bar: guard and tier of the notebook in front; opens the panel. */
export class StatusItem extends ReactWidget {
  constructor(
    private readonly model: IPanelModel,
    private readonly trans: TranslationBundle,
    private readonly open: () => void
  ) {
    super();
    this.addClass('privguard-StatusItem');
    model.changed.connect(this.update, this);
  }

  /** Whether the settings want the item; the status bar shows and hides it. */
  get isActive(): boolean {
    return this._isActive;
  }

  set isActive(isActive: boolean) {
    this._isActive = isActive;
    this._activeStateChanged.emit();
  }

  get activeStateChanged(): ISignal<StatusItem, void> {
    return this._activeStateChanged;
  }

  override dispose(): void {
    this.model.changed.disconnect(this.update, this);
    Signal.clearData(this);
    super.dispose();
  }

  protected override render(): React.ReactElement {
    const { model, trans } = this;
    const view = model.view;
    if (view.phase === 'problem') {
      return this.item('problem', [trans.__('problem')]);
    }
    if (view.phase !== 'ready') {
      return <></>;
    }
    const { guard, last, kernel } = view.session;
    const gaps = (model.gaps?.gaps ?? []).filter(gap => gap.kernel === kernel).length;
    const state = model.life === 'dead' ? 'dead' : guard.state;
    return this.item(gaps > 0 ? 'gap' : state, [
      state === 'dead' ? trans.__('kernel died') : stateName(state, trans),
      state === 'on' && (last.tier ?? guard.tier),
      gaps > 0 && trans._n('%1 gap', '%1 gaps', gaps)
    ]);
  }

  private item(state: string, parts: readonly (string | false | null)[]): React.ReactElement {
    const { trans } = this;
    return (
      <button type="button" data-state={state} title={trans.__('Open the Privguard panel')} onClick={this.open}>
        {trans.__('Privguard: %1', parts.filter(Boolean).join(' · '))}
      </button>
    );
  }

  private _isActive = true;
  private readonly _activeStateChanged = new Signal<StatusItem, void>(this);
}
