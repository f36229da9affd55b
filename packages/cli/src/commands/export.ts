import { join } from 'node:path';
import { WhittleError } from '@whittle/core';
import { readModelFile } from '../read-model.js';
import type { Session } from '../session.js';
import { lookUp, printResult, showProgress } from '../session.js';
import { formatTable } from '../table.js';
import { writeArtifact } from '../write-artifact.js';

export interface ExportOptions {
  readonly target: string;
  readonly out: string;
  /** RAM and flash that the program may take, as given; the target's own where left out. */
  readonly ram?: string;
  readonly flash?: string;
  readonly optimize?: string;
}

/** `export MODEL --target TARGET --out DIR`: writes what a backend makes of a model. */
export async function exportModel(path: string, options: ExportOptions, session: Session): Promise<void> {
  const backend = lookUp('target', session.registry.backends, options.target);
  const budget = { ram: parseBytes('--ram', options.ram), flash: parseBytes('--flash', options.flash) };
  const { optimize } = options;
  const { model } = await readModelFile(path, session.registry);
  const given = Object.fromEntries(
    Object.entries({ ...budget, optimize }).filter(([, value]) => value !== undefined),
  );
  const artifact = await showProgress(session, `export for ${backend.target}`, 1, () =>
    backend.emit(model, {
      lowerings: session.registry.lowerings,
      options: given,
      signal: session.signal,
    }),
  );
  await writeArtifact(artifact, options.out, session.signal);
  const files = [...artifact.files].map(([file, { length }]) => ({ path: file, bytes: length }));
  const { main, report = {} } = artifact;
  const result = { model: path, target: backend.target, out: options.out, files, main, report };
  printResult(session, result, describe);
}

/** A size in bytes; KB and MB are 1,000 and 1,000,000. @throws OPTION_INVALID */
function parseBytes(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+)\s*(KB|MB)?$/i.exec(text);
  const unit = { KB: 1e3, MB: 1e6 }[match?.[2]?.toUpperCase() ?? ''] ?? 1;
  const bytes = Number(match?.[1]) * unit;
  if (!Number.isSafeInteger(bytes) || bytes < 1)
    throw new WhittleError(
      'OPTION_INVALID',
      `${option}: expected a number of bytes above 0, or as in 256KB or 1MB, found '${text}'`,
    );
  return bytes;
}

interface Export {
  readonly out: string;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly report: Readonly<Record<string, unknown>>;
}

function describe({ out, files, report }: Export): string {
  const written = formatTable({
    head: ['file', 'bytes'],
    rows: files.map(({ path, bytes }) => [join(out, path), bytes]),
  });
  const figures = Object.entries(report).filter(
    (entry): entry is [string, string | number] => typeof entry[1] !== 'object',
  );
  return figures.length > 0 ? `${written}\n${formatTable({ rows: figures })}` : written;
}
