/** Writes docs/models.md: `npm run docs:models`. */
import { rename, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { conform } from '../../test/models/conform.js';
import { corpus, withoutCorpus } from '../../test/models/corpus.js';
import { modelsPage } from '../../test/models/models-page.js';
import type { Row } from '../../test/models/models-page.js';

const missing = withoutCorpus();
if (missing) throw new Error(missing);
const rows: Row[] = [];
for (const model of corpus()) rows.push(model.unreadable === undefined ? await conform(model) : model);
const path = 'docs/models.md';
await writeFile(
  `${path}.new`,
  await format(modelsPage(rows), { ...(await resolveConfig(path)), filepath: path }),
);
await rename(`${path}.new`, path);
process.exit(0);
