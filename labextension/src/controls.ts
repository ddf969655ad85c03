import type { IOverview } from './tokens';

type Controls = IOverview['controls'];

/** Controls of which this log says something, and behind them those that have nothing to do with it. */
export function applicableFirst(controls: Controls): Controls {
  const applies = (control: Controls[number]): boolean => control.status !== 'not applicable';
  return [...controls.filter(applies), ...controls.filter(control => !applies(control))];
}
