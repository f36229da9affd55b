import { extname } from 'node:path';
import { cleanUp, WhittleError } from '@whittle/core';
import type { Backend, Model, Reader, Registry } from '@whittle/core';
import { parseShapes } from '../parse-shapes.js';
import { readModelFile } from '../read-model.js';
import { isSameFile } from '../same-file.js';
import type { Session } from '../session.js';
import { printResult, showProgress } from '../session.js';
import { formatTable } from '../table.js';
import { checkUsage, usageInvalid } from '../usage.js';
import { writeWholeFile } from '../write-file.js';
import { expectWritableFile } from '../write-place.js';

export interface ConvertOptions {
  /** How float weights are stored. */
  readonly weights?: string;
  /** Which tensors keep their names. */
  readonly names?: string;
  /** The name of the signature, or false for none. */
  readonly signature?: string | false;
}

export interface ConvertFlags extends ConvertOptions {
  /** Shapes of inputs, as given. */
  readonly shape?: readonly string[];
  /** Whether batch norms are folded and activations fused: unless told, where the format isn't one to go on from. */
  readonly cleanUp?: boolean;
}

/** `convert IN OUT`: a model of any format that is read, by its content, in the format that OUT's ending names. */
export async function convert(
  path: string,
  out: string,
  { shape, cleanUp: isCleaned, ...options }: ConvertFlags,
  session: Session,
): Promise<void> {
  const { registry, signal } = session;
  await expectWritableFile(out);
  const backend = formatOf(out, registry);
  const told = givenOptions(backend, options);
  checkUsage(() => backend.checkOptions?.(told));
  const shapes = parseShapes(shape);
  if (await isSameFile(path, out))
    throw usageInvalid(`OUT: ${out} is the model itself, expected another name`);
  const { model: read, format, bytes, content } = await readModelFile(path, registry, shapes);
  const { model, notes } = cleaned(read, isCleaned ?? !backend.keepsGraph);
  const { stored, lost } = storedOptions(backend, registry.readers, format, content);
  const {
    files,
    main = '',
    report,
  } = await showProgress(session, `convert to ${backend.target}`, 1, () =>
    backend.emit(model, { lowerings: registry.lowerings, options: { ...stored, ...told }, signal }),
  );
  const written = files.get(main);
  if (!written) throw new WhittleError('INTERNAL', `target ${backend.target} made no file '${main}'`);
  const made = await writeWholeFile(out, written, signal);
  if (made !== undefined) notes.push(`the folder ${made} was made`);
  for (const [name, value] of Object.entries(stored))
    if (!(name in told)) notes.push(`${name} are stored as in ${path}: ${String(value)}`);
  for (const [name, value] of Object.entries(lost))
    notes.push(
      `${path} stores ${name} as ${String(value)}, which a .${backend.target} doesn't keep; a .${format} is written so again with --${name} ${String(value)}`,
    );
  const result = {
    model: path,
    format,
    fileBytes: bytes,
    out,
    outFormat: backend.target,
    outBytes: written.length,
    notes: [...notes, ...((report?.notes as readonly string[] | undefined) ?? [])],
  };
  printResult(session, result, (each) =>
    [
      formatTable({
        head: ['file', 'format', 'bytes'],
        rows: [
          [each.model, each.format, each.fileBytes],
          [each.out, each.outFormat, each.outBytes],
        ],
      }),
      ...each.notes,
    ].join('\n'),
  );
}

/** The model as it is deployed, and what was done to it. */
function cleaned(model: Model, isCleaned: boolean): { readonly model: Model; readonly notes: string[] } {
  if (!isCleaned) return { model, notes: [] };
  const { model: clean, foldedBatchNorms, fusedActivations } = cleanUp(model);
  const done = [
    ...(foldedBatchNorms > 0 ? [`${foldedBatchNorms} batch normalizations folded`] : []),
    ...(fusedActivations > 0 ? [`${fusedActivations} activations fused`] : []),
  ];
  return { model: clean, notes: done.length > 0 ? [done.join(', ')] : [] };
}

type StoredOptions = Readonly<Record<string, unknown>>;

/** What the file says of how it is stored: what holds where it is written in its own format again, and what another format lacks. */
function storedOptions(
  { target, options = [] }: Backend,
  readers: readonly Reader[],
  format: string,
  bytes: Uint8Array,
): { readonly stored: StoredOptions; readonly lost: StoredOptions } {
  const said = readers.find((each) => each.format === format)?.storedOptions?.(bytes) ?? {};
  if (format !== target) return { stored: {}, lost: said };
  const known = Object.entries(said).filter(([name]) => options.includes(name));
  return { stored: Object.fromEntries(known), lost: {} };
}

/** The target that writes what a reader of the same name reads. @throws USAGE_INVALID, which lists what there is */
function formatOf(out: string, { backends, readers }: Registry): Backend {
  const written = readers.flatMap(({ format, extensions }) => {
    const backend = backends.get(format);
    return backend ? [{ backend, extension: extensions[0] }] : [];
  });
  const ending = extname(out).slice(1).toLowerCase();
  const found = written.find(({ extension }) => extension === ending);
  if (!found)
    throw usageInvalid(
      `OUT: ${out} ends with '${extname(out)}', expected one of: ${written.map((each) => `.${each.extension}`).join(', ')}`,
    );
  return found.backend;
}

/** @throws USAGE_INVALID, for options that the format doesn't have */
function givenOptions(backend: Backend, options: ConvertOptions): Record<string, string | false> {
  const given = Object.entries(options).filter(
    (entry): entry is [string, string | false] => entry[1] !== undefined,
  );
  const unknown = given.filter(([key]) => !backend.options?.includes(key)).map(([key]) => `--${key}`);
  if (unknown.length > 0) throw usageInvalid(`a .${backend.target} doesn't take ${unknown.join(', ')}`);
  return Object.fromEntries(given);
}
