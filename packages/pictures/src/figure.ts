import { plot } from '@observablehq/plot';
import type { PlotOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeHtml } from './escape-html.js';

/** A plot with its title and a sentence that says what it shows. */
export interface Figure {
  readonly title: string;
  readonly description: string;
  readonly options: PlotOptions;
}

/** Colours that people with any colour vision tell apart, on white and on black (Okabe and Ito 2008); lines differ in dashes too. */
export const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#8a6d00', '#56b4e9'] as const;
export const dashes = ['none', '7 4', '2 3', '9 3 2 3', '12 3', '4 4'] as const;

/** A figure as HTML, whose SVG has the title and description for screen readers. */
export function renderFigure({ title, description, options }: Figure, id: string): string {
  const { document } = parseHTML('<!doctype html><html></html>');
  const drawn = plot({
    width: 720,
    marginBottom: 48,
    ...options,
    x: { labelAnchor: 'center', labelArrow: 'none', labelOffset: 40, ...options.x },
    className: 'plot',
    document: document as never,
  });
  const svg = (drawn as unknown as { readonly outerHTML: string }).outerHTML
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(
      /^<svg([^>]*)>/,
      (_, attributes: string) =>
        `<svg${attributes} role="img" aria-labelledby="${id}-title ${id}-text">` +
        `<title id="${id}-title">${escapeHtml(title)}</title><desc id="${id}-text">${escapeHtml(description)}</desc>`,
    );
  return `<figure>\n<figcaption><strong>${escapeHtml(title)}</strong> ${escapeHtml(description)}</figcaption>\n${svg}\n</figure>`;
}
