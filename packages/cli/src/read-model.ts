import { extname, normalize } from 'node:path';
import { isWhittleError, WhittleError } from '@whittle/core';
import type { InputShapes, Model, Registry } from '@whittle/core';
import { readFileBeside, readWholeFile } from './read-file.js';

export interface ModelFile {
  readonly path: string;
  readonly format: string;
  /** Of all files that were read: those beside it count too. */
  readonly bytes: number;
  /** The file itself. */
  readonly content: Uint8Array;
  readonly model: Model;
}

/**
 * Reads a model by the reader that recognizes its content, whatever its name. `shapes`: of inputs that leave extents open.
 * @throws FILE_UNREADABLE, FORMAT_INVALID, OP_UNSUPPORTED, SHAPE_OPEN and what readers throw, with the path in front
 */
export async function readModelFile(
  path: string,
  registry: Registry,
  shapes?: InputShapes,
): Promise<ModelFile> {
  const bytes = await readWholeFile(path);
  const reader = registry.readers.find((each) => each.recognizes(bytes));
  if (!reader) {
    const known = registry.readers.map(({ format, extensions }) => `${format} (.${extensions.join(', .')})`);
    const ending = extname(path).slice(1).toLowerCase();
    const called = registry.readers.find(({ extensions }) => extensions.includes(ending));
    const hint = called ? `; a .${ending} that begins like this is cut off or damaged` : '';
    throw new WhittleError(
      'FORMAT_INVALID',
      `${path} (${bytes.length} bytes) is no model in a known format: ${known.join(', ')}${hint}`,
    );
  }
  try {
    const beside = new Map<string, number>();
    const readBeside = async (name: string) => {
      const part = await readFileBeside(path, name);
      beside.set(normalize(name), part.length);
      return part;
    };
    const model = await reader.read(bytes, { ops: registry.ops, readBeside, ...(shapes && { shapes }) });
    const total = [...beside.values()].reduce((sum, each) => sum + each, bytes.length);
    return { path, format: reader.format, bytes: total, content: bytes, model };
  } catch (cause) {
    if (!isWhittleError(cause)) throw cause;
    throw new WhittleError(cause.code, `${path}: ${cause.message}`, {
      plugin: cause.plugin,
      node: cause.node,
      problems: cause.problems,
      cause,
    });
  }
}
