import type { Id, Model } from '../model.js';
import {
  add,
  averagePool2d,
  batchNorm,
  concat,
  conv2d,
  dense,
  depthwiseConv2d,
  instanceNorm,
  maxPool2d,
  mean,
  mul,
  prelu,
  reshape,
  sigmoid,
  split,
  transpose,
  transposeConv2d,
} from '../ops/index.js';
import { Net, noise } from './prunable-nets.fixture.js';

const none = { activation: 'none' } as const;
const overImage = { axes: [1, 2] as [number, number], keepDims: false };

/** As `Net`, with zeros around the images of all windows. */
export class PaddedNet extends Net {
  padded(id: Id, x: Id, filters: number, kernel = 3, groups = 1, strides: [number, number] = [1, 1]): Id {
    return this.norm(id, this.layer(id, x, filters, kernel, groups, strides));
  }
  layer(id: Id, x: Id, filters: number, kernel = 3, groups = 1, strides: [number, number] = [1, 1]): Id {
    const channels = this.typeOf(x).shape[3] as number;
    const weight = this.parameter(
      `${id}/weight`,
      noise([kernel, kernel, channels / groups, filters]),
      'weight',
    );
    const attributes = { strides, padding: 'same', dilations: [1, 1], activation: 'none', groups } as const;
    return this.node(id, conv2d, { ...attributes, dilations: [1, 1] }, [x, weight]);
  }
  paddedDepthwise(id: Id, x: Id): Id {
    const weight = this.parameter(
      `${id}/weight`,
      noise([3, 3, this.typeOf(x).shape[3] as number, 1]),
      'weight',
    );
    const windows = { strides: [1, 1], padding: 'same', dilations: [1, 1], activation: 'none' } as const;
    return this.norm(
      id,
      this.node(id, depthwiseConv2d, { ...windows, strides: [1, 1], dilations: [1, 1] }, [x, weight]),
    );
  }
  /** Takes channels of each of several groups in turn. */
  shuffle(id: Id, x: Id, groups: number): Id {
    const [, height, width, channels] = this.typeOf(x).shape as number[];
    const cut = this.node(
      `${id}/cut`,
      reshape,
      { shape: ['batch', height, width, groups, channels / groups] },
      [x],
    );
    const turned = this.node(`${id}/turned`, transpose, { permutation: [0, 1, 2, 4, 3] }, [cut]);
    return this.node(id, reshape, { shape: ['batch', height, width, channels] }, [turned]);
  }
  pooled(x: Id): Model {
    return this.classify(this.node('mean', mean, overImage, [x]));
  }
}

/** Networks whose windows reach beyond the image, where removed channels held a constant and zeros lie around it. */
export const paddedNets: Record<string, () => Model> = {
  'padded convolutions'() {
    const b = new PaddedNet('padded');
    const x = b.padded('c2', b.padded('c1', b.input('x', ['batch', 6, 5, 2]), 6), 5);
    return b.pooled(b.padded('c3', x, 4, 3, 1, [2, 2]));
  },
  'padded residual blocks, the second with a stride and a projection'() {
    const b = new PaddedNet('residual');
    const trunk = b.padded('c1', b.input('x', ['batch', 6, 6, 2]), 6);
    const first = b.node('sum1', add, { activation: 'relu' }, [
      trunk,
      b.padded('c3', b.padded('c2', trunk, 4), 6),
    ]);
    const projected = b.padded('c4', first, 8, 1, 1, [2, 2]);
    const branch = b.padded('c6', b.padded('c5', first, 5, 3, 1, [2, 2]), 8);
    return b.pooled(b.padded('c7', b.node('sum2', add, none, [projected, branch]), 4));
  },
  'pre-activated residual blocks'() {
    const b = new PaddedNet('pre-activated');
    let x = b.layer('stem', b.input('x', ['batch', 5, 5, 2]), 6);
    for (const id of ['a', 'b'])
      x = b.node(`${id}/sum`, add, none, [
        x,
        b.layer(`${id}2`, b.norm(`${id}2n`, b.layer(`${id}1`, b.norm(`${id}1n`, x), 4)), 6),
      ]);
    return b.pooled(b.norm('end', x));
  },
  'a dense block, its transition and another layer'() {
    const b = new PaddedNet('dense-block');
    let x = b.layer('stem', b.input('x', ['batch', 6, 6, 2]), 4);
    for (const id of ['d1', 'd2', 'd3'])
      x = b.node(`${id}/joined`, concat, { axis: 3 }, [x, b.layer(id, b.norm(`${id}n`, x), 3)]);
    const narrow = b.layer('transition', b.norm('tn', x), 6, 1);
    const pool = { size: [2, 2], strides: [2, 2], padding: 'same', activation: 'none' } as const;
    const half = b.node('pool', averagePool2d, { ...pool, size: [2, 2], strides: [2, 2] }, [narrow]);
    return b.pooled(b.norm('ln', b.layer('last', b.norm('hn', half), 4)));
  },
  'inverted residuals with padded depthwise windows'() {
    const b = new PaddedNet('inverted');
    const stem = b.padded('stem', b.input('x', ['batch', 6, 6, 2]), 4);
    const wide = b.paddedDepthwise('dw', b.padded('expand', stem, 8, 1));
    const sum = b.node('sum', add, none, [stem, b.padded('project', wide, 4, 1)]);
    return b.pooled(b.padded('last', sum, 5));
  },
  'grouped convolutions with a channel shuffle between them'() {
    const b = new PaddedNet('shuffled');
    const x = b.padded('g1', b.padded('c1', b.input('x', ['batch', 5, 5, 2]), 12), 12, 1, 3);
    const mixed = b.paddedDepthwise('dw', b.shuffle('shuffle', x, 3));
    return b.pooled(b.padded('g3', b.padded('g2', mixed, 9, 3, 3), 6));
  },
  'halves of the channels, one convolved, joined and shuffled'() {
    const b = new PaddedNet('halves');
    const stem = b.padded('stem', b.input('x', ['batch', 5, 5, 2]), 8);
    const [left, right] = b.results(['left', 'right'], split, { axis: 3, sizes: [4, 4] }, [stem]);
    const branch = b.padded('c2', b.paddedDepthwise('dw', b.padded('c1', right, 4, 1)), 4, 1);
    const mixed = b.shuffle('shuffle', b.node('joined', concat, { axis: 3 }, [left, branch]), 2);
    const [again, rest] = b.results(['again', 'rest'], split, { axis: 3, sizes: [4, 4] }, [mixed]);
    return b.pooled(b.node('sum', add, none, [b.padded('c3', again, 5), b.padded('c4', rest, 5)]));
  },
  'squeeze and excitation'() {
    const b = new PaddedNet('excited');
    const x = b.padded('c1', b.input('x', ['batch', 5, 5, 2]), 6);
    const squeezed = b.node('squeezed', mean, { ...overImage, keepDims: true }, [x]);
    const narrow = b.padded('reduce', squeezed, 4, 1);
    const gates = b.node('gates', sigmoid, {}, [b.layer('widen', narrow, 6, 1)]);
    return b.pooled(b.padded('c2', b.node('scaled', mul, none, [x, gates]), 4));
  },
  'squeeze and excitation by dense layers, reshaped'() {
    const b = new PaddedNet('excited-dense');
    const x = b.padded('c1', b.input('x', ['batch', 5, 5, 2]), 6);
    const layer = (id: Id, from: Id, inputs: number, outputs: number, activation: 'none' | 'relu') =>
      b.node(id, dense, { activation }, [
        from,
        b.parameter(`${id}/weight`, noise([inputs, outputs]), 'weight'),
        b.parameter(`${id}/bias`, noise([outputs]), 'bias'),
      ]);
    const squeezed = layer('reduce', b.node('squeezed', mean, overImage, [x]), 6, 4, 'relu');
    const gates = b.node('gates', sigmoid, {}, [layer('widen', squeezed, 4, 6, 'none')]);
    const scaled = b.node('scaled', mul, none, [
      x,
      b.node('shaped', reshape, { shape: ['batch', 1, 1, 6] }, [gates]),
    ]);
    return b.pooled(b.padded('c2', scaled, 4));
  },
  'an encoder and a decoder with transposed convolutions and skips'() {
    const b = new PaddedNet('u-net');
    const top = b.padded('c1', b.input('x', ['batch', 8, 8, 2]), 5);
    const pool = { padding: 'valid', activation: 'none' } as const;
    const half = b.node('pool', maxPool2d, { ...pool, size: [2, 2], strides: [2, 2] }, [top]);
    const deep = b.padded('c2', half, 6);
    const weight = b.parameter('up/weight', noise([3, 3, 6, 4]), 'weight');
    const up = b.node(
      'up',
      transposeConv2d,
      { strides: [2, 2], padding: 'same', outputSize: [8, 8], activation: 'none' },
      [deep, weight],
    );
    const joined = b.node('joined', concat, { axis: 3 }, [top, b.norm('up', up)]);
    return b.pooled(b.padded('c3', joined, 4));
  },
  'instance norms and slopes'() {
    const b = new PaddedNet('styled');
    const normal = (id: Id, x: Id, count: number) => {
      const operands = ['scale', 'offset'].map((role) =>
        b.parameter(`${id}/${role}`, noise([count]), role as 'scale' | 'offset'),
      );
      const scaled = b.node(`${id}/norm`, instanceNorm, { epsilon: 1e-3 }, [x, ...operands]);
      return b.node(`${id}/prelu`, prelu, {}, [scaled, b.parameter(`${id}/slopes`, noise([count]), 'scale')]);
    };
    const x = normal('i1', b.layer('c1', b.input('x', ['batch', 6, 6, 2]), 5), 5);
    return b.pooled(normal('i2', b.layer('c2', x, 6), 6));
  },
  'two inputs, two outputs, one layer of shared weights'() {
    const b = new PaddedNet('two');
    const weight = b.parameter('shared/weight', noise([3, 3, 2, 5]), 'weight');
    const windows = {
      strides: [1, 1],
      padding: 'same',
      dilations: [1, 1],
      activation: 'none',
      groups: 1,
    } as const;
    const layer = (id: Id, x: Id) =>
      b.norm(id, b.node(id, conv2d, { ...windows, strides: [1, 1], dilations: [1, 1] }, [x, weight]));
    const [p, q] = [
      layer('p', b.input('x', ['batch', 5, 5, 2])),
      layer('q', b.input('y', ['batch', 5, 5, 2])),
    ];
    const again = b.parameter('again/weight', noise([3, 3, 5, 4]), 'weight');
    const second = (id: Id, x: Id) =>
      b.norm(id, b.node(id, conv2d, { ...windows, strides: [1, 1], dilations: [1, 1] }, [x, again]));
    const [r, s] = [second('r', p), second('s', q)];
    b.output(
      b.node('difference', batchNorm, { epsilon: 1e-3 }, [
        b.layer('head', r, 2),
        ...(['scale', 'offset', 'mean', 'variance'] as const).map((role) =>
          b.parameter(`head/${role}`, noise([2], 0.2), role),
        ),
      ]),
    );
    return b.pooled(b.node('sum', add, none, [r, s]));
  },
};
