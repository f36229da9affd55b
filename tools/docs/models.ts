/** Writes docs/models.md: `npm run docs:models`. */
import { conform } from '../../test/models/conform.js';
import { corpus, withoutCorpus } from '../../test/models/corpus.js';
import { modelsPage } from '../../test/models/models-page.js';
import type { Row } from '../../test/models/models-page.js';
import { writeFormatted } from './write-formatted.js';

const missing = withoutCorpus();
if (missing) throw new Error(missing);
const rows: Row[] = [];
for (const model of corpus()) rows.push(model.unreadable === undefined ? await conform(model) : model);
const path = 'docs/models.md';
await writeFormatted(path, modelsPage(rows));
process.exit(0);
