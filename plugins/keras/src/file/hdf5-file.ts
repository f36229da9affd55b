import type { Attribute, Entity, File, Group } from 'h5wasm';
import { isWhittleError, sizeOf, tensor } from '@whittle/core';
import type { Tensor, WhittleError } from '@whittle/core';
import { invalid } from '@whittle/keras-network';
import { isTrap, withHdf5Library } from './hdf5-library.js';
import type { Hdf5Library } from './hdf5-library.js';
import { withMemoryLimit } from './memory-limit.js';

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Data sets may be compressed; together they take at most this many times the file, and `spareBytes`. */
const expansion = 2;
const spareBytes = 64 << 20;
/** What the library takes for itself, beside twice the file. */
const libraryBytes = 128 << 20;

/** Whether bytes begin as an HDF5 file does. */
export function looksLikeHdf5(bytes: Uint8Array): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}

/** An HDF5 file that is being read. Paths are from its root, without a slash in front. */
export class Hdf5File {
  readonly #library: Hdf5Library;
  readonly #file: File;
  readonly #bytes: number;
  #left: number;
  readonly #names = new Map<string, ReadonlySet<string>>();

  constructor(library: Hdf5Library, file: File, bytes: number) {
    this.#library = library;
    this.#file = file;
    this.#bytes = bytes;
    this.#left = expansion * bytes + spareBytes;
  }

  hasGroup(path: string): boolean {
    return this.#group(path) !== undefined;
  }

  /** The names of what is in a group; none where there is no such group. */
  namesIn(path: string): string[] {
    return this.#group(path)?.keys() ?? [];
  }

  /** An attribute that is one text. */
  text(path: string, name: string): string | undefined {
    const value = this.#attribute(path, name);
    return typeof value === 'string' ? value : undefined;
  }

  /** An attribute that is a list of texts, which Keras cuts into several where it is long. */
  texts(path: string, name: string): string[] | undefined {
    const whole = this.#attribute(path, name);
    if (whole !== undefined) return textsOf(path, whole);
    const parts: string[] = [];
    let found = false;
    for (let i = 0; ; i++) {
      const part = this.#attribute(path, `${name}${i}`);
      if (part === undefined) return found ? parts : undefined;
      parts.push(...textsOf(path, part));
      found = true;
    }
  }

  /** A data set as floats; undefined where there is none. @throws FORMAT_INVALID where it is no numbers */
  tensor(path: string): Tensor<'float32'> | undefined {
    const dataset = this.#entity(path);
    if (!(dataset instanceof this.#library.Dataset)) return undefined;
    const { metadata } = dataset;
    const shape = metadata.shape ?? [];
    const bytes = sizeOf(shape) * metadata.size;
    if (!shape.every((dim) => Number.isSafeInteger(dim) && dim >= 0) || !(bytes <= this.#left))
      throw invalid(path, `a data set of [${shape.join(', ')}], more than the file can hold`);
    this.#left -= bytes;
    if (bytes === 0) return tensor('float32', shape);
    const { value } = dataset;
    if (value instanceof Float32Array) return tensor('float32', shape, value);
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      const data = Float32Array.from(value as Iterable<number | bigint>, Number);
      return tensor('float32', shape, data);
    }
    if (typeof value === 'number' || typeof value === 'bigint')
      return tensor('float32', shape, Float32Array.of(Number(value)));
    throw invalid(path, 'a data set that holds no numbers');
  }

  #group(path: string): Group | undefined {
    const entity = path === '' ? this.#file : this.#entity(path);
    return entity instanceof this.#library.Group ? entity : undefined;
  }

  /** What lies at a path, looked up name by name: HDF5 takes a missing part of a path for an error. */
  #entity(path: string): Entity | undefined {
    let at: Group = this.#file;
    const names = path.split('/').filter((name) => name !== '');
    for (const [i, name] of names.entries()) {
      if (name === '.' || !this.#namesOf(at).has(name)) return undefined;
      const next = at.get(name);
      if (i === names.length - 1) return next ?? undefined;
      if (!(next instanceof this.#library.Group)) return undefined;
      at = next;
    }
    return at;
  }

  #namesOf(group: Group): ReadonlySet<string> {
    let names = this.#names.get(group.path);
    if (!names) this.#names.set(group.path, (names = new Set(group.keys())));
    return names;
  }

  #attribute(path: string, name: string): unknown {
    const attributes = this.#group(path)?.attrs;
    if (!attributes || !(name in attributes)) return undefined;
    const attribute: Attribute = attributes[name];
    const { total_size: count, size } = attribute.metadata;
    // Attributes are never compressed.
    if (!(count * size <= this.#bytes))
      throw invalid(path || 'file', `attribute ${name}: ${count} elements, more than the file can hold`);
    return attribute.value ?? undefined;
  }
}

function textsOf(path: string, value: unknown): string[] {
  // An empty list is one of floats.
  if (ArrayBuffer.isView(value) && value.byteLength === 0) return [];
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value as string[];
  throw invalid(path, 'expected a list of names');
}

const path = '/model.h5';

/**
 * Reads an HDF5 file, in memory, by way of `use`.
 * @throws FORMAT_INVALID whatever goes wrong in the file, and what `use` throws with a code
 */
export async function withHdf5<T>(bytes: Uint8Array, use: (file: Hdf5File) => T): Promise<T> {
  let result: { readonly value: T } | { readonly error: WhittleError } | undefined;
  await withHdf5Library((library) => {
    let sound = true;
    const attempt = <R>(action: () => R): { value: R } | { error: WhittleError } => {
      try {
        return { value: withMemoryLimit(libraryBytes + 2 * bytes.length, action) };
      } catch (error) {
        sound &&= !isTrap(error);
        return {
          error: isWhittleError(error)
            ? error
            : invalid('HDF5', `the file is damaged (${messageOf(error)})`, error),
        };
      }
    };
    library.FS?.writeFile(path, bytes);
    const opened = attempt(() => new library.File(path, 'r'));
    result =
      'error' in opened ? opened : attempt(() => use(new Hdf5File(library, opened.value, bytes.length)));
    // A file that can't be closed would stay open in the library.
    if ('value' in opened && 'error' in attempt(() => opened.value.close())) sound = false;
    library.FS?.unlink(path);
    return sound;
  });
  if (!result || 'error' in result) throw result?.error ?? invalid('HDF5', 'the file was not read');
  return result.value;
}

/** What is wrong in HDF5's words: the description of the innermost error, of a report that names many. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const described = [...text.matchAll(/^ *#\d+: .*: (.*)$/gm)].map(([, description]) => description);
  return described[described.length - 1] ?? text.split('\n', 1)[0];
}
