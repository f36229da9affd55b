import { extname } from 'node:path';
import { WhittleError } from '@whittle/core';
import type { Backend, Registry } from '@whittle/core';
import { parseShapes } from '../parse-shapes.js';
import { readModelFile } from '../read-model.js';
import { isSameFile } from '../same-file.js';
import type { Session } from '../session.js';
import { printResult, showProgress } from '../session.js';
import { formatTable } from '../table.js';
import { writeWholeFile } from '../write-file.js';

export interface ConvertOptions {
  /** How float weights are stored. */
  readonly weights?: string;
  /** Which tensors keep their names. */
  readonly names?: string;
  /** The name of the signature, or false for none. */
  readonly signature?: string | false;
}

/**
 * `convert IN OUT`: a model of any format that is read, by its content, in the format that OUT's ending names. `shape`: shapes of
 * inputs, as given.
 */
export async function convert(
  path: string,
  out: string,
  { shape, ...options }: ConvertOptions & { readonly shape?: readonly string[] },
  session: Session,
): Promise<void> {
  const { registry, signal } = session;
  const backend = formatOf(out, registry);
  const given = givenOptions(backend, options);
  if (await isSameFile(path, out))
    throw new WhittleError('OPTION_INVALID', `${out} is the model itself: take another name`);
  const { model, format, bytes } = await readModelFile(path, registry, parseShapes(shape));
  const { files, main = '' } = await showProgress(session, `convert to ${backend.target}`, 1, () =>
    backend.emit(model, { lowerings: registry.lowerings, options: given, signal }),
  );
  const written = files.get(main);
  if (!written) throw new WhittleError('INTERNAL', `target ${backend.target} made no file '${main}'`);
  await writeWholeFile(out, written, signal);
  const result = {
    model: path,
    format,
    fileBytes: bytes,
    out,
    outFormat: backend.target,
    outBytes: written.length,
  };
  printResult(session, result, (each) =>
    formatTable({
      head: ['file', 'format', 'bytes'],
      rows: [
        [each.model, each.format, each.fileBytes],
        [each.out, each.outFormat, each.outBytes],
      ],
    }),
  );
}

/** The target that writes what a reader of the same name reads. @throws OPTION_INVALID, which lists what there is */
function formatOf(out: string, { backends, readers }: Registry): Backend {
  const written = readers.flatMap(({ format, extensions }) => {
    const backend = backends.get(format);
    return backend ? [{ backend, extension: extensions[0] }] : [];
  });
  const ending = extname(out).slice(1).toLowerCase();
  const found = written.find(({ extension }) => extension === ending);
  if (!found)
    throw new WhittleError(
      'OPTION_INVALID',
      `${out} ends with '${extname(out)}', expected one of: ${written.map((each) => `.${each.extension}`).join(', ')}`,
    );
  return found.backend;
}

/** @throws OPTION_INVALID, for options that the format doesn't have */
function givenOptions(backend: Backend, options: ConvertOptions): Record<string, string | false> {
  const given = Object.entries(options).filter(
    (entry): entry is [string, string | false] => entry[1] !== undefined,
  );
  const unknown = given.filter(([key]) => !backend.options?.includes(key)).map(([key]) => `--${key}`);
  if (unknown.length > 0)
    throw new WhittleError('OPTION_INVALID', `a .${backend.target} doesn't take ${unknown.join(', ')}`);
  return Object.fromEntries(given);
}
