import { isDeepStrictEqual } from 'node:util';
import { WhittleError, preprocessSchema } from '@whittle/core';
import type { Model } from '@whittle/core';
import { schema, textOf } from '@whittle/tflite-schema';
import type { TfliteModel } from '@whittle/tflite-schema';
import type { BufferPool } from './emit/buffer-pool.js';
import { signatureEntry } from './signature.js';
import { readTensorMetadata } from './tensor-metadata.js';
import type { TensorNotes } from './tensor-metadata.js';

/** The metadata entry of the file that holds what a Whittle model says beside its graph and TFLite Metadata can't. */
const entry = 'whittle';

/** What travels beside the graph: preprocessing of each input, labels of each output, the model's metadata. */
export interface ModelNotes extends TensorNotes {
  readonly metadata: Model['metadata'];
}

/**
 * Adds what TFLite Metadata doesn't give back as it is, as JSON: labels with line breaks, means that are no float32, the model's
 * own metadata. Nothing where there is none. `standard`: what is read of the file without it.
 */
export function writeModelNotes(model: Model, standard: TensorNotes, pool: BufferPool): schema.MetadataT[] {
  // The signature says what it is called.
  const metadata = Object.fromEntries(
    Object.entries(model.metadata).filter(([key]) => key !== signatureEntry),
  );
  const notes = {
    ...someOf(
      'preprocess',
      model.inputs.map(({ preprocess = null }, i) => unless(standard.preprocess[i], preprocess)),
    ),
    ...someOf(
      'labels',
      model.outputs.map(({ labels = null }, i) => unless(standard.labels[i], labels)),
    ),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
  if (Object.keys(notes).length === 0) return [];
  return [new schema.MetadataT(entry, pool.add(new TextEncoder().encode(JSON.stringify(notes))))];
}

/** A note, but for one that is known already. */
function unless<T extends object>(known: T | undefined, note: T | null): T | null {
  return isDeepStrictEqual(known, note) ? null : note;
}

function someOf<T>(name: string, list: readonly (T | null)[]): Record<string, readonly (T | null)[]> {
  return list.some((item) => item !== null) ? { [name]: list } : {};
}

/**
 * The notes of a file, of which `bytes` are the whole; empty where it has none.
 * @throws FORMAT_INVALID where they aren't what `writeModelNotes` writes, or TFLite Metadata is damaged
 */
export function readModelNotes(file: TfliteModel, bytes: Uint8Array): ModelNotes {
  const standard = readTensorMetadata(file, bytes);
  const found = file.metadata.find(({ name }) => textOf(name) === entry);
  const notes = found ? parse(file.buffers[found.buffer]) : {};
  const list = (name: string): unknown[] => {
    const value = notes[name] ?? [];
    if (!Array.isArray(value)) throw invalid(`'${name}' is no list`);
    return value;
  };
  return {
    preprocess: over(
      standard.preprocess,
      list('preprocess').map((item) => {
        const parsed = preprocessSchema.nullable().safeParse(item);
        if (!parsed.success) throw invalid(`preprocess: ${parsed.error.message}`);
        return parsed.data ?? undefined;
      }),
    ),
    labels: over(
      standard.labels,
      list('labels').map((item) => {
        if (item === null) return undefined;
        if (!isTexts(item)) throw invalid("'labels' holds something else than lists of texts");
        return item;
      }),
    ),
    metadata: metadataOf(notes.metadata ?? {}),
  };
}

/** Own notes where there are some, else what the standard says. */
function over<T>(standard: readonly (T | undefined)[], own: readonly (T | undefined)[]): (T | undefined)[] {
  const length = Math.max(standard.length, own.length);
  return Array.from({ length }, (_, i) => own[i] ?? standard[i]);
}

function metadataOf(value: unknown): Model['metadata'] {
  if (typeof value !== 'object' || value === null || !isTexts(Object.values(value)))
    throw invalid("'metadata' is no table of texts");
  return { ...value };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch (error) {
    throw invalid((error as Error).message);
  }
  throw invalid('no JSON object');
}

function invalid(message: string): WhittleError {
  return new WhittleError('FORMAT_INVALID', `.tflite: metadata '${entry}': ${message}`, { plugin: 'tflite' });
}
