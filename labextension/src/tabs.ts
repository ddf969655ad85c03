/** The parts of the panel, in the order of their tabs. */
export const TABS = ['now', 'data', 'log', 'requests', 'experiment'] as const;
export type Tab = (typeof TABS)[number];

/** The tab that a key leads to from `tab`; null for keys that lead nowhere. */
export function tabByKey(tab: Tab, key: string): Tab | null {
  const place = TABS.indexOf(tab);
  const places: { readonly [key: string]: number } = {
    ArrowRight: (place + 1) % TABS.length,
    ArrowLeft: (place + TABS.length - 1) % TABS.length,
    Home: 0,
    End: TABS.length - 1
  };
  const next = places[key];
  return next === undefined ? null : (TABS[next] ?? null);
}
