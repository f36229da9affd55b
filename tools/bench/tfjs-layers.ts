import type { TensorFlow } from '@whittle/train';
import type * as tfjs from '@tensorflow/tfjs';

type Symbolic = tfjs.SymbolicTensor;

/** The networks of the bench `train` in tfjs's own layers, by the work's name. */
export const layersNetworks: Readonly<Record<string, (tf: TensorFlow) => tfjs.LayersModel>> = {
  resnet20(tf) {
    const input = tf.input({ shape: [32, 32, 3] });
    let trunk = relu(tf, convBn(tf, input, 16, 3));
    for (let stage = 0; stage < 3; stage++)
      for (let block = 0; block < 3; block++) {
        const filters = 16 << stage;
        const strides = stage > 0 && block === 0 ? 2 : 1;
        const branch = convBn(tf, relu(tf, convBn(tf, trunk, filters, 3, strides)), filters, 3);
        const projection = tf.layers.conv2d({ filters, kernelSize: 1, strides, padding: 'same' });
        const shortcut = strides === 1 ? trunk : (projection.apply(trunk) as Symbolic);
        trunk = relu(tf, tf.layers.add().apply([shortcut, branch]) as Symbolic);
      }
    return classifier(tf, input, trunk, 10);
  },
  'mobilenet-v1-0.25'(tf) {
    const input = tf.input({ shape: [96, 96, 3] });
    let features = relu(tf, convBn(tf, input, 8, 3, 2), 6);
    const five = Array.from({ length: 5 }, () => [128, 1] as const);
    const blocks = [[16, 1], [32, 2], [32, 1], [64, 2], [64, 1], [128, 2], ...five, [256, 2], [256, 1]];
    for (const [filters, strides] of blocks) features = separable(tf, features, filters, strides, 6);
    return classifier(tf, input, features, 2);
  },
  'ds-cnn'(tf) {
    const input = tf.input({ shape: [49, 10, 1] });
    let features = relu(tf, convBn(tf, input, 64, [10, 4], 2));
    for (let block = 0; block < 4; block++) features = separable(tf, features, 64, 1);
    return classifier(tf, input, features, 12);
  },
};

function convBn(
  tf: TensorFlow,
  x: Symbolic,
  filters: number,
  kernelSize: number | [number, number],
  strides = 1,
): Symbolic {
  const conv = tf.layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false });
  return tf.layers.batchNormalization({ momentum: 0.9 }).apply(conv.apply(x)) as Symbolic;
}

function separable(tf: TensorFlow, x: Symbolic, filters: number, strides: number, limit?: number): Symbolic {
  const conv = tf.layers.depthwiseConv2d({ kernelSize: 3, strides, padding: 'same', useBias: false });
  const norm = tf.layers.batchNormalization({ momentum: 0.9 }).apply(conv.apply(x)) as Symbolic;
  return relu(tf, convBn(tf, relu(tf, norm, limit), filters, 1), limit);
}

function relu(tf: TensorFlow, x: Symbolic, maxValue?: number): Symbolic {
  return tf.layers.reLU({ maxValue }).apply(x) as Symbolic;
}

function classifier(tf: TensorFlow, inputs: Symbolic, features: Symbolic, units: number): tfjs.LayersModel {
  const pooled = tf.layers.globalAveragePooling2d({}).apply(features) as Symbolic;
  const outputs = tf.layers.dense({ units, activation: 'softmax' }).apply(pooled) as Symbolic;
  return tf.model({ inputs, outputs });
}
