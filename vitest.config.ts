import { defineConfig } from 'vitest/config';

const conditions = ['@whittle/source', 'module', 'node', 'development|production'];

export default defineConfig({
  // The packages are tested from source: vitest resolves through the server-side conditions, not `resolve.conditions`.
  ssr: { resolve: { conditions } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'plugins/*/src/**/*.test.ts',
      'test/**/*.test.ts',
      'tools/**/*.test.js',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
