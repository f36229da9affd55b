export * from './recorded-scales.js';
export * from './render-report.js';
export * from './report-data.js';
