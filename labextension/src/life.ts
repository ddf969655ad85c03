/** What became of a kernel's process: it runs, it died and another one began by itself, or it is gone for good. */
export type Life = 'runs' | 'died' | 'dead';

/** What is known after the kernel's status became `status`; a restart that a person asked for is no death. */
export function lifeAfter(life: Life, status: string): Life {
  switch (status) {
    case 'autorestarting':
      return 'died';
    case 'dead':
      return 'dead';
    case 'restarting':
      return 'runs';
    default:
      return life;
  }
}

/** Whether the process, and with it the guard in it, is gone once the kernel has this status. */
export function endsProcess(status: string): boolean {
  return status === 'autorestarting' || status === 'restarting' || status === 'dead';
}
