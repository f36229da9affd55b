import { WhittleError, preprocessSchema } from '@whittle/core';
import type { Model, ModelInput, ModelOutput } from '@whittle/core';
import { schema, textOf } from '@whittle/tflite-schema';
import type { TfliteModel } from '@whittle/tflite-schema';
import type { BufferPool } from './emit/buffer-pool.js';

/** The metadata entry of the file that holds what a Whittle model says beside its graph. */
const entry = 'whittle';

/** What TFLite has no place for: preprocessing of each input, labels of each output, the model's metadata. */
export interface ModelNotes {
  readonly preprocess: readonly ModelInput['preprocess'][];
  readonly labels: readonly ModelOutput['labels'][];
  readonly metadata: Model['metadata'];
}

/** Adds the notes as JSON; nothing where a model has none. */
export function writeModelNotes(model: Model, pool: BufferPool): schema.MetadataT[] {
  const notes = {
    ...someOf(
      'preprocess',
      model.inputs.map(({ preprocess }) => preprocess ?? null),
    ),
    ...someOf(
      'labels',
      model.outputs.map(({ labels }) => labels ?? null),
    ),
    ...(Object.keys(model.metadata).length > 0 && { metadata: model.metadata }),
  };
  if (Object.keys(notes).length === 0) return [];
  return [new schema.MetadataT(entry, pool.add(new TextEncoder().encode(JSON.stringify(notes))))];
}

function someOf<T>(name: string, list: readonly (T | null)[]): Record<string, readonly (T | null)[]> {
  return list.some((item) => item !== null) ? { [name]: list } : {};
}

/** The notes of a file; empty where it has none. @throws FORMAT_INVALID where they aren't what `writeModelNotes` writes */
export function readModelNotes(file: TfliteModel): ModelNotes {
  const found = file.metadata.find(({ name }) => textOf(name) === entry);
  const notes = found ? parse(file.buffers[found.buffer]) : {};
  const list = (name: string): unknown[] => {
    const value = notes[name] ?? [];
    if (!Array.isArray(value)) throw invalid(`'${name}' is no list`);
    return value;
  };
  return {
    preprocess: list('preprocess').map((item) => {
      const parsed = preprocessSchema.nullable().safeParse(item);
      if (!parsed.success) throw invalid(`preprocess: ${parsed.error.message}`);
      return parsed.data ?? undefined;
    }),
    labels: list('labels').map((item) => {
      if (item === null) return undefined;
      if (!isTexts(item)) throw invalid("'labels' holds something else than lists of texts");
      return item;
    }),
    metadata: metadataOf(notes.metadata ?? {}),
  };
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
