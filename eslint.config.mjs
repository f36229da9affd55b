import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const NODE_GLOBALS = [
  'process',
  'console',
  'performance',
  'Buffer',
  'URL',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
];

/** Each kind of project with the kinds that it may import; a plugin never imports a plugin. */
const PACKAGES = [
  'core',
  'int8',
  'train',
  'datasets',
  'zoo',
  'channel-pruning',
  'pictures',
  'schema',
  'keras-network',
  'kernel-api',
  'testkit',
];
const MAY_IMPORT = {
  core: [],
  int8: ['core'],
  train: ['core'],
  datasets: ['core'],
  zoo: ['core'],
  'channel-pruning': ['core', 'zoo'],
  pictures: [],
  schema: ['core'],
  'keras-network': ['core'],
  'kernel-api': ['core', 'int8'],
  testkit: ['core', 'int8'],
  plugin: PACKAGES,
  cli: [...PACKAGES, 'plugin'],
  app: [...PACKAGES, 'plugin', 'cli', 'app'],
};

const depConstraints = Object.entries(MAY_IMPORT).map(([kind, kinds]) => ({
  sourceTag: `type:${kind}`,
  onlyDependOnLibsWithTags: kinds.map((name) => `type:${name}`),
}));

export default tseslint.config(
  {
    ignores: ['**/node_modules', '**/dist', '**/out', '**/generated', '**/coverage', '.cache', '.nx'],
  },
  ...tseslint.configs.recommended,
  {
    linterOptions: { noInlineConfig: true },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals instead of an enum.' },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['packages/**/*.ts', 'plugins/**/*.ts', 'examples/**/*.ts', 'test/**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: Object.fromEntries(NODE_GLOBALS.map((name) => [name, 'readonly'])) },
    rules: { 'no-undef': 'error' },
  },
  {
    files: ['*.config.{ts,mjs}'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
