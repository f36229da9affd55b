import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { histogramsOf } from './recorded-scales.js';
import { renderReport } from './render-report.js';
import { reportData } from './report.fixture.js';

test('the same data gives the same bytes, without scripts and anything from outside', () => {
  const page = renderReport(reportData);
  expect(renderReport(reportData)).toBe(page);
  expect(page).not.toMatch(/<script|<link|<img|@import|url\(|\bon\w+=|NaN|undefined/);
  expect(page.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:/);
});

test('every figure has its title, a description and the data that it shows', () => {
  const { document } = parseHTML(renderReport(reportData));
  const titles = [...document.querySelectorAll('svg.plot > title')].map(({ textContent }) => textContent);
  expect(titles).toEqual([
    'Accuracy against pruning ratio',
    'Accuracy against MACs',
    'Channels kept per layer',
    'Sensitivity per group',
    'Scales of all layers',
    'Scales of conv1',
    'Scales of stage2/block1/conv1',
    'Scales of stage3/block2/conv2',
  ]);
  const [cliff, macs, channels, sensitivity, all] = document.querySelectorAll('svg.plot');
  expect(cliff.querySelectorAll('[aria-label="dot"] > *')).toHaveLength(reportData.accuracies!.length);
  expect(macs.textContent).toContain('multiply-accumulates, millions');
  expect(macs.textContent).toContain('slimming 70%');
  expect(channels.textContent).toContain('12 of 32');
  expect(sensitivity.querySelectorAll('[aria-label="line"] path')).toHaveLength(3);
  expect(all.textContent).toContain('epoch 20');
  expect(document.querySelector('h1')!.textContent).toBe(reportData.title);
});

test('what is left out has no plot', () => {
  const page = renderReport({ title: 'channels', channels: reportData.channels, histograms: [] });
  expect(page.match(/<svg/g)).toHaveLength(1);
  expect(renderReport({ title: 'nothing' })).not.toContain('<svg');
});

test('what sparse training reports becomes histograms', () => {
  const recorded = [{ epoch: 0, largest: 2, layers: { 'bn1/gamma': [3, 1], 'bn2/gamma': [0, 4] } }];
  expect(histogramsOf(recorded)).toEqual([
    { epoch: 0, layer: 'bn1/gamma', edges: [0, 1, 2], counts: [3, 1] },
    { epoch: 0, layer: 'bn2/gamma', edges: [0, 1, 2], counts: [0, 4] },
  ]);
  const all = renderReport({ title: 'scales', histograms: histogramsOf(recorded) });
  expect(all.match(/<svg/g)).toHaveLength(3);
});
