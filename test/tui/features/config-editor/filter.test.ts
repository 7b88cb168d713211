import { expect, it } from 'vitest';
import { listedConfigs, selectedConfig } from '../../../../src/tui/features/config-editor/config-state.ts';
import { currentView } from '../../../../src/tui/kernel/step.ts';
import { press, typed } from '../../some-state.ts';
import { afterEvents, configRow, homeWith, YAML } from './some-configs.ts';

const news = YAML.replace('shop.example', 'news.example');
const state = homeWith(
  configRow('bikes'),
  configRow('Books'),
  configRow('daily', news),
  configRow('weekly', news),
);
const filtered = (text: string) => press(state, '/', ...typed(text)).state;

it('/ lists the configurations that have all the words in their name or site, with every key', () => {
  expect(listedConfigs(filtered('b'))).toEqual(['bikes', 'Books']);
  expect(listedConfigs(filtered('bo'))).toEqual(['Books']);
  expect(listedConfigs(filtered('NEWS'))).toEqual(['daily', 'weekly']);
  expect(listedConfigs(filtered('news !week'))).toEqual(['daily']);
  expect(listedConfigs(filtered('!'))).toHaveLength(4);
  expect(listedConfigs(filtered('nothing'))).toEqual([]);
  expect(selectedConfig(filtered('nothing'))).toBeUndefined();
});

it('no letter of it is a key, and Enter keeps it for the keys', () => {
  const typing = filtered('weekly').configs.filter;
  expect([typing.isOpen, typing.line.text]).toEqual([true, 'weekly']);
  const kept = press(filtered('weekly'), 'enter').state;
  expect(kept.configs.filter.isOpen).toBe(false);
  expect(selectedConfig(kept)).toBe('weekly');
  expect(currentView(press(kept, 'enter').state)).toMatchObject({ name: 'config' });
});

it('keeps the selection while it is listed', () => {
  const last = press(state, 'G').state;
  expect(selectedConfig(last)).toBe('weekly');
  expect(selectedConfig(press(last, '/', ...typed('news')).state)).toBe('weekly');
  expect(selectedConfig(press(last, '/', ...typed('b')).state)).toBe('bikes');
});

it('Esc brings the filter before back, then lists all, then goes back', () => {
  const kept = press(filtered('news'), 'enter').state;
  const again = press(kept, '/', ...typed('x')).state;
  expect(listedConfigs(again)).toEqual([]);
  const back = press(again, 'escape').state;
  expect(listedConfigs(back)).toEqual(['daily', 'weekly']);
  const all = press(back, 'escape').state;
  expect([listedConfigs(all).length, currentView(all).name]).toEqual([4, 'configs']);
  expect(currentView(press(all, 'escape').state).name).toBe('jobs');
});

it('includes later additions', () => {
  const rows = [configRow('bikes'), configRow('news-two', news), configRow('weekly', news)];
  expect(listedConfigs(afterEvents(filtered('news'), { kind: 'configs', rows }))).toEqual([
    'news-two',
    'weekly',
  ]);
});
