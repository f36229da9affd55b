import { gather } from '@whittle/core';
import type { LayerReader } from '../graph/layer-reader.js';
import { castTo } from '../operations/functions.js';

/** Rows of a table, by number. */
const embedding: LayerReader = {
  variables: () => ({ trainable: ['embeddings'] }),
  read(call) {
    call.options.only('mask_zero', false);
    const indices = castTo(call, call.input, 'int32');
    return call.node('gather', gather, { axis: 0 }, [call.weight('embeddings', 'weight'), indices]);
  },
};

export const embeddingReaders: Readonly<Record<string, LayerReader>> = { Embedding: embedding };
