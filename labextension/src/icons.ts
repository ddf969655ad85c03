import { LabIcon } from '@jupyterlab/ui-components';

/** A shield with a bar across: the guard. Takes the colours of Lab's side bar. */
export const guardIcon = new LabIcon({
  name: 'privguard:guard',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <path class="jp-icon3" fill="#616161" d="M12 1 3 5v6c0 5.55 3.84 10.74 9 12 5.16-1.26 9-6.45 9-12V5l-9-4zm0 2.18 7 3.12V11c0 4.52-2.98 8.69-7 9.93-4.02-1.24-7-5.41-7-9.93V6.3l7-3.12z"/>
  <path class="jp-icon3" fill="#616161" d="M7.5 10.5h9v3h-9z"/>
</svg>`
});
