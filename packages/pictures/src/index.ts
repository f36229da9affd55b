export * from './render-report.js';
export * from './report-data.js';
