import { ModelBuilder } from '../builder.js';
import type { Id, Model } from '../model.js';
import {
  add,
  averagePool2d,
  batchNorm,
  concat,
  conv2d,
  dense,
  depthwiseConv2d,
  flatten,
  mean,
  mirrorPad,
  prelu,
  relu,
  reshape,
  resizeBilinear,
  slice,
  spaceToDepth,
  split,
  transpose,
  transposeConv2d,
} from '../ops/index.js';
import type { ConvAttributes, DepthwiseAttributes } from '../ops/index.js';
import { createRandom } from '../random.js';
import { float32, sizeOf } from '../tensor.js';

const random = createRandom(3).at('weights');
export const noise = (shape: readonly number[], low = -1) =>
  float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => low + random.float() * (1 - low)),
  );

/** Windows without padding, every element. */
const windows: DepthwiseAttributes = {
  strides: [1, 1],
  padding: 'valid',
  dilations: [1, 1],
  activation: 'none',
};
const plain: ConvAttributes = { ...windows, groups: 1 };

const none = { activation: 'none' } as const;

/** Layers on a builder, each convolution with batch norm and relu after it. */
export class Net extends ModelBuilder {
  conv(id: Id, x: Id, filters: number, kernel: number, groups = 1): Id {
    const channels = this.typeOf(x).shape[3] as number;
    const weight = this.parameter(
      `${id}/weight`,
      noise([kernel, kernel, channels / groups, filters]),
      'weight',
    );
    return this.norm(id, this.node(id, conv2d, { ...windows, groups }, [x, weight]));
  }
  depthwise(id: Id, x: Id, multiplier: number): Id {
    const weight = this.parameter(
      `${id}/weight`,
      noise([3, 3, this.typeOf(x).shape[3] as number, multiplier]),
      'weight',
    );
    return this.norm(id, this.node(id, depthwiseConv2d, windows, [x, weight]));
  }
  norm(id: Id, x: Id): Id {
    const c = [this.typeOf(x).shape.at(-1) as number];
    const stat = (name: string, role: 'scale' | 'offset' | 'mean' | 'variance', low: number) =>
      this.parameter(`${id}/${name}`, noise(c, low), role);
    const operands = [
      stat('gamma', 'scale', -1),
      stat('beta', 'offset', -1),
      stat('mean', 'mean', -1),
      stat('variance', 'variance', 0.2),
    ];
    return this.node(`${id}/relu`, relu, {}, [
      this.node(`${id}/bn`, batchNorm, { epsilon: 1e-3 }, [x, ...operands]),
    ]);
  }
  classify(x: Id): Model {
    const from = this.typeOf(x).shape.at(-1) as number;
    const operands = [
      this.parameter('fc/weight', noise([from, 3]), 'weight'),
      this.parameter('fc/bias', noise([3]), 'bias'),
    ];
    this.output(this.node('fc', dense, { activation: 'none' }, [x, ...operands]));
    return this.finish();
  }
}

/** Networks with channels to remove, by what is special about them. */
export const nets: Record<string, () => Model> = {
  'plain, flattened into dense'() {
    const b = new Net('plain');
    const x = b.conv('c2', b.conv('c1', b.input('x', ['batch', 7, 7, 2]), 6, 3), 5, 3);
    return b.classify(
      b.node('flat', flatten, {}, [
        b.node(
          'pool',
          averagePool2d,
          { size: [2, 2], strides: [1, 1], padding: 'valid', activation: 'none' },
          [x],
        ),
      ]),
    );
  },
  'reshaped into dense'() {
    const b = new Net('reshaped');
    const x = b.conv('c1', b.input('x', ['batch', 4, 4, 2]), 6, 3);
    return b.classify(b.node('flat', reshape, { shape: ['batch', 24] }, [x]));
  },
  'residual add'() {
    const b = new Net('residual');
    const trunk = b.conv('c1', b.input('x', ['batch', 5, 5, 2]), 6, 3);
    const branch = b.conv('c3', b.conv('c2', trunk, 4, 1), 6, 1);
    const sum = b.node('sum', add, { activation: 'relu' }, [trunk, branch]);
    return b.classify(b.node('mean', mean, { axes: [1, 2], keepDims: false }, [b.conv('c4', sum, 4, 1)]));
  },
  'concat, also of a tensor with itself'() {
    const b = new Net('concat');
    const x = b.input('x', ['batch', 5, 5, 2]);
    const [p, q] = [b.conv('c1', x, 4, 3), b.conv('c2', x, 3, 3)];
    const joined = b.node('joined', concat, { axis: 3 }, [p, q, p]);
    return b.classify(b.node('mean', mean, { axes: [1, 2], keepDims: false }, [b.conv('c3', joined, 4, 1)]));
  },
  'depthwise with multiplier'() {
    const b = new Net('depthwise');
    const x = b.depthwise('dw', b.conv('c1', b.input('x', ['batch', 6, 6, 2]), 4, 3), 2);
    return b.classify(b.node('mean', mean, { axes: [1, 2], keepDims: false }, [b.conv('c2', x, 3, 1)]));
  },
  'activations carried by depthwise, add and a layer before batch norm'() {
    const b = new Net('carried');
    const x = b.conv('c1', b.input('x', ['batch', 5, 5, 2]), 6, 3);
    const spread = b.node('dw', depthwiseConv2d, { ...windows, activation: 'relu6' }, [
      x,
      b.parameter('dw/weight', noise([1, 1, 6, 1]), 'weight'),
    ]);
    const mixed = b.norm(
      'c2',
      b.node('c2', conv2d, { ...plain, activation: 'relu6' }, [
        spread,
        b.parameter('c2/weight', noise([1, 1, 6, 5]), 'weight'),
      ]),
    );
    return b.classify(b.node('mean', mean, { axes: [1, 2], keepDims: false }, [mixed]));
  },
  'layers without bias that end in a sum, batch norm after it'() {
    const b = new Net('pre-activated');
    const x = b.conv('c1', b.input('x', ['batch', 5, 5, 2]), 6, 3);
    const branch = (id: Id) =>
      b.node(id, conv2d, plain, [x, b.parameter(`${id}/weight`, noise([1, 1, 6, 5]), 'weight')]);
    const sum = b.node('sum', add, { activation: 'none' }, [branch('left'), branch('right')]);
    return b.classify(b.node('mean', mean, { axes: [1, 2], keepDims: false }, [b.norm('sum', sum)]));
  },
  'two layers with one bias'() {
    const b = new Net('shared');
    const bias = b.parameter('bias', noise([4]), 'bias');
    const x = b.input('x', ['batch', 5, 5, 2]);
    const head = (id: Id) =>
      b.node(`${id}/head`, conv2d, { ...plain, activation: 'relu' }, [
        b.conv(id, x, 5, 3),
        b.parameter(`${id}/head/weight`, noise([1, 1, 5, 4]), 'weight'),
        bias,
      ]);
    const sum = b.node('sum', add, { activation: 'none' }, [head('c1'), head('c2')]);
    return b.classify(b.node('mean', mean, { axes: [1, 2], keepDims: false }, [b.norm('sum', sum)]));
  },
  'moved, mirrored, resized, with slopes of its own'() {
    const b = new Net('moved');
    const x = b.norm('in', b.conv('c1', b.input('x', ['batch', 4, 4, 2]), 6, 1));
    const slopes = b.parameter('slopes', noise([6]), 'scale');
    const bent = b.node('bent', prelu, {}, [b.node('shifted', add, none, [x, slopes]), slopes]);
    const paddings: [number, number][] = [
      [0, 0],
      [1, 1],
      [2, 0],
      [0, 0],
    ];
    const mirrored = b.node('mirrored', mirrorPad, { paddings, mode: 'reflect' }, [bent]);
    const how = { alignCorners: false, halfPixelCenters: true };
    const larger = b.node('larger', resizeBilinear, { size: [8, 8], ...how }, [mirrored]);
    const turned = b.node('turned', transpose, { permutation: [0, 2, 1, 3] }, [larger]);
    const deep = b.node('deep', spaceToDepth, { blockSize: 2 }, [turned]);
    const part = b.node('part', slice, { ranges: [{ axis: 1, start: 3, size: 2, step: -2 }] }, [deep]);
    return b.classify(b.node('mean', mean, { axes: [1, 2], keepDims: false }, [b.conv('c2', part, 4, 1)]));
  },
  'split, enlarged'() {
    const b = new Net('split');
    const x = b.conv('c1', b.input('x', ['batch', 4, 4, 2]), 6, 1);
    const [left, right] = b.results(['left', 'right'], split, { axis: 3, sizes: [2, 4] }, [x]);
    const sum = b.node('sum', add, none, [b.conv('c2', left, 4, 1), b.conv('c3', right, 4, 1)]);
    const weight = b.parameter('up/weight', noise([3, 3, 4, 5]), 'weight');
    const up = { strides: [2, 2], padding: 'same', outputSize: [8, 8], activation: 'none' } as const;
    const larger = b.node('up', transposeConv2d, { ...up, strides: [2, 2], outputSize: [8, 8] }, [
      sum,
      weight,
    ]);
    return b.classify(
      b.node('mean', mean, { axes: [1, 2], keepDims: false }, [b.conv('c4', b.norm('up', larger), 4, 1)]),
    );
  },
  'grouped convolution'() {
    const b = new Net('grouped');
    const x = b.conv('c2', b.conv('c1', b.input('x', ['batch', 5, 5, 2]), 8, 3), 6, 1, 2);
    return b.classify(b.node('mean', mean, { axes: [1, 2], keepDims: false }, [x]));
  },
};
