import { accuracyByMacs } from './accuracy-by-macs.js';
import { accuracyByRatio } from './accuracy-by-ratio.js';
import { channelsKept } from './channels-kept.js';
import { escapeHtml } from './escape-html.js';
import { renderFigure } from './figure.js';
import { groupSensitivities } from './group-sensitivities.js';
import type { ReportData } from './report-data.js';
import { scaleHistograms } from './scale-histograms.js';

const style = `:root { color-scheme: light dark; --plot-background: Canvas; }
body { margin: 1.5rem auto; padding: 0 1rem; max-width: 46rem; font: 16px/1.45 system-ui, sans-serif; background: Canvas; color: CanvasText; }
figure { margin: 2rem 0; }
figcaption { margin-bottom: 0.5rem; }
svg.plot { display: block; max-width: 100%; height: auto; font: 12px system-ui, sans-serif; overflow: visible; }
svg.plot text { white-space: pre; }`;

/**
 * A page with a plot of each kind of data that is given: one HTML file without scripts, that loads nothing, in the colours that
 * the reader's system has (light or dark). The same data gives the same bytes.
 */
export function renderReport(data: ReportData): string {
  const figures = [
    ...accuracyByRatio(data.accuracies ?? []),
    ...accuracyByMacs(data.tradeOffs ?? []),
    ...channelsKept(data.channels ?? []),
    ...groupSensitivities(data.sensitivities ?? [], data.metricLabel ?? 'accuracy, share'),
    ...scaleHistograms(data.histograms ?? []),
  ];
  const title = escapeHtml(data.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
${style}
</style>
</head>
<body>
<main>
<h1>${title}</h1>
${figures.map((figure, i) => renderFigure(figure, `figure-${i + 1}`)).join('\n')}
</main>
</body>
</html>
`;
}
