import type { ISettingRegistry } from '@jupyterlab/settingregistry';

import type { StatusItem } from './status';
import type { IPanelModel } from './tokens';

/** Apply the settings of the plugin `id` now and after each change; where there are none their defaults stay. */
export async function followSettings(
  registry: ISettingRegistry | null,
  id: string,
  model: IPanelModel,
  item: StatusItem | null
): Promise<void> {
  if (registry === null) {
    return;
  }
  // Where the schema cannot be loaded, the panel is there all the same.
  const settings = await registry.load(id).catch(() => null);
  if (settings === null) {
    return;
  }
  const apply = (): void => {
    model.setIntervals(settings.get('pollSeconds').composite as number, settings.get('gapSeconds').composite as number);
    const isShown = settings.get('statusBar').composite === true;
    if (item !== null) {
      item.isActive = isShown;
      model.watch('status', isShown);
    }
  };
  settings.changed.connect(apply);
  apply();
}
