import { dense } from '@whittle/core';
import type { LayerReader } from '../graph/layer-reader.js';
import { activationOf } from './activation-spec.js';
import { biasOf } from './convolution.js';

export const denseReaders: Readonly<Record<string, LayerReader>> = {
  Dense: {
    variables: (options) => ({
      trainable: options.boolean('use_bias', true) ? ['kernel', 'bias'] : ['kernel'],
    }),
    read(call) {
      const { fused, after } = activationOf(call);
      const kernel = call.weight('kernel', 'weight');
      return after(call.node('dense', dense, { activation: fused }, [call.input, kernel, ...biasOf(call)]));
    },
  },
};
