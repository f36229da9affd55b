import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { renderReport } from './render-report.js';
import { reportData } from './report.fixture.js';

const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
const browserPath = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => names.map((name) => join(folder, name)))
  .find((path) => existsSync(path));
if (!browserPath && process.env.CI) throw new Error('no Chromium: run npm run setup');

test.skipIf(!browserPath)(
  `a browser shows every plot whole and loads nothing${browserPath ? '' : ' (skipped: no Chromium)'}`,
  async () => {
    const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
    try {
      for (const [colorScheme, width] of [
        ['light', 1000],
        ['dark', 400],
      ] as const) {
        const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
        const faults: string[] = [];
        page.on('console', (message) => faults.push(message.text()));
        page.on('pageerror', (error) => faults.push(error.message));
        page.on('request', (request) => faults.push(request.url()));
        await page.setContent(renderReport(reportData));
        const found = (await page.evaluate(`(() => {
          const outside = [];
          for (const svg of document.querySelectorAll('svg.plot')) {
            const frame = svg.getBoundingClientRect();
            for (const label of svg.querySelectorAll('text')) {
              const { left, right, top, bottom, width } = label.getBoundingClientRect();
              const isInside = left >= frame.left - 1 && right <= frame.right + 1 && top >= frame.top - 1 && bottom <= frame.bottom + 1;
              if (width > 0 && !isInside) outside.push(label.textContent);
            }
          }
          const overlapping = [...document.querySelectorAll('svg.plot')].flatMap((svg) => {
            const boxes = [...svg.querySelectorAll('text')].map((label) => [label.textContent, label.getBoundingClientRect()]);
            return boxes.flatMap(([text, a], i) => boxes.slice(i + 1).flatMap(([other, b]) =>
              Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2
                ? [text + ' on ' + other] : []));
          });
          return {
            outside,
            overlapping,
            titles: [...document.querySelectorAll('svg.plot > title')].map((title) => title.textContent),
            isWide: document.documentElement.scrollWidth > innerWidth,
            colors: [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color],
          };
        })()`)) as Record<string, unknown>;
        expect(faults).toEqual([]);
        expect(found).toMatchObject({ outside: [], overlapping: [], isWide: false });
        expect(found.titles).toHaveLength(8);
        const [background, color] = found.colors as string[];
        expect(background).not.toBe(color);
        expect(background === 'rgb(255, 255, 255)').toBe(colorScheme === 'light');
        await page.close();
      }
    } finally {
      await browser.close();
    }
  },
  60_000,
);
