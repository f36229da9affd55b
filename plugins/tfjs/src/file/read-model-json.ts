import { plainPath } from '@whittle/core';
import type { ReadContext } from '@whittle/core';
import type { TfjsArtifacts, TfjsWeightSpec } from '../artifacts.js';
import { invalid } from '../faults.js';
import { joinBytes, isSizeKnown, leastBytes } from '../weights/weight-bytes.js';
import { readWeightSpecs } from '../weights/weight-spec.js';
import { listOf, objectOf, parseJson, textOf } from './json.js';
import type { Json } from './json.js';

/** Files of more shards are taken for damage. */
const mostShards = 10_000;

/** Whether bytes are the `model.json` of a TensorFlow.js model: a JSON object with a topology or a list of weights. */
export function looksLikeModelJson(bytes: Uint8Array): boolean {
  const head = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  if (!head.startsWith('{')) return false;
  const text = new TextDecoder('latin1').decode(bytes);
  return /"(modelTopology|weightsManifest)"\s*:/.test(text);
}

/**
 * A `model.json` and the shards beside it, as artifacts. `readBeside` is left out where there is no folder.
 * @throws FORMAT_INVALID where the file, or what it says of its shards, is damaged
 */
export async function readModelJson(
  bytes: Uint8Array,
  readBeside: ReadContext['readBeside'],
): Promise<TfjsArtifacts> {
  const file = objectOf('model.json', parseJson('model.json', bytes), 'the file');
  if (file.modelTopology === undefined || file.modelTopology === null)
    throw invalid('model.json', 'weights without a model (no modelTopology)');
  const groups = listOf('model.json', file.weightsManifest ?? [], 'weightsManifest').map((group) =>
    objectOf('weightsManifest', group, 'a group of weights'),
  );
  const specs = readWeightSpecs(
    groups.flatMap(({ weights }) => listOf('weightsManifest', weights, 'weights')),
  );
  let first = 0;
  const weightData: Uint8Array[] = [];
  for (const group of groups) {
    const count = listOf('weightsManifest', group.weights, 'weights').length;
    weightData.push(await readGroup(group, specs.slice(first, first + count), readBeside));
    first += count;
  }
  const { modelTopology, signature, userDefinedMetadata, generatedBy } = file;
  return {
    modelTopology,
    weightSpecs: specs,
    weightData,
    signature,
    userDefinedMetadata,
    ...(typeof generatedBy === 'string' && { generatedBy }),
  };
}

/** The bytes of a group of weights: its shards, one after the other. */
async function readGroup(
  group: Json,
  specs: readonly TfjsWeightSpec[],
  readBeside: ReadContext['readBeside'],
): Promise<Uint8Array> {
  const paths = listOf('weightsManifest', group.paths, 'paths').map((path) =>
    textOf('weightsManifest', path, 'path of a shard'),
  );
  if (paths.length > mostShards || new Set(paths.map(plainPath)).size < paths.length)
    throw invalid('weightsManifest', `${paths.length} shards, some of them twice or more than ${mostShards}`);
  if (paths.length > 0 && !readBeside)
    throw invalid(
      'weightsManifest',
      `weights in files of their own (${paths[0]} ...), which only a model in a folder has: give artifacts instead`,
    );
  const least = leastBytes(specs);
  const pieces: Uint8Array[] = [];
  let total = 0;
  for (const path of paths) {
    const piece = await readBeside!(path);
    total += piece.length;
    pieces.push(piece);
    if (total > least && isSizeKnown(specs)) break;
  }
  if (total < least || (total > least && isSizeKnown(specs)))
    throw invalid('weightsManifest', `${total} bytes in ${paths.length} shards, expected ${least}`);
  return joinBytes(pieces);
}
