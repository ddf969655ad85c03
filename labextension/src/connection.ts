import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type { Ask } from './api';

const ROOT = 'privguard/api/v1';

/** Asks the server that the page came from. */
export const askServer: Ask = (path, init) => {
  const settings = ServerConnection.makeSettings();
  return ServerConnection.makeRequest(URLExt.join(settings.baseUrl, ROOT, path), init, settings);
};
