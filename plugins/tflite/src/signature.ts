import type { Id, Model } from '@whittle/core';
import { schema, textOf } from '@whittle/tflite-schema';
import type { TfliteModel } from '@whittle/tflite-schema';

/** What a signature is called unless a model's metadata or an option says otherwise. */
const usualKey = 'serving_default';

/** Where a model's metadata has what its signature is called. */
export const signatureEntry = 'tflite/signature';

/** What a file's signature calls itself, and the inputs and outputs, in order; undefined where nothing, or as usual. */
export interface SignatureNames {
  readonly key?: string;
  readonly inputs: readonly (string | undefined)[];
  readonly outputs: readonly (string | undefined)[];
}

/** The first signature of the file's first subgraph. Names that aren't distinct name nothing. */
export function readSignature({ signatureDefs, subgraphs }: TfliteModel): SignatureNames {
  const found = signatureDefs.find(({ subgraphIndex }) => subgraphIndex === 0);
  if (!found) return { inputs: [], outputs: [] };
  const key = textOf(found.signatureKey);
  return {
    ...(key !== '' && key !== usualKey && { key }),
    inputs: namesOf(found.inputs, subgraphs[0].inputs),
    outputs: namesOf(found.outputs, subgraphs[0].outputs),
  };
}

function namesOf(maps: readonly schema.TensorMapT[], ends: readonly number[]): (string | undefined)[] {
  const left = [...maps];
  const names = ends.map((index) => {
    const at = left.findIndex(({ tensorIndex }) => tensorIndex === index);
    return at < 0 ? '' : textOf(left.splice(at, 1)[0].name);
  });
  const isWhole = !names.includes('') && new Set(names).size === names.length;
  return isWhole ? names : [];
}

/** A signature of the whole model. `key`: what it is called, if not as the model's metadata or usage has it. */
export function signatureOf(
  model: Model,
  key: string | undefined,
  inputs: readonly number[],
  outputs: readonly number[],
): schema.SignatureDefT {
  const maps = (ends: readonly { readonly id: Id; readonly name?: string }[], indices: readonly number[]) =>
    ends.map(({ id, name = id }, i) => new schema.TensorMapT(name, indices[i]));
  const called = key ?? model.metadata[signatureEntry] ?? usualKey;
  return new schema.SignatureDefT(maps(model.inputs, inputs), maps(model.outputs, outputs), called, 0);
}
