import type { Dim, Id, Model } from '../model.js';
import {
  add,
  averagePool2d,
  concat,
  conv2d,
  depthToSpace,
  depthwiseConv2d,
  hardSwish,
  instanceNorm,
  leakyRelu,
  maxPool2d,
  mean,
  mirrorPad,
  mul,
  pad,
  prelu,
  relu6,
  resizeNearest,
  sigmoid,
  spaceToDepth,
  split,
  tanh,
  transpose,
  transposeConv2d,
} from '../ops/index.js';
import { patch } from '../patch.js';
import { createRandom } from '../random.js';
import { float32 } from '../tensor.js';
import { noise } from './prunable-nets.fixture.js';
import { PaddedNet } from './prunable-padded-nets.fixture.js';

/** Draws a network of one or two images, whose channels are split, joined, added, shuffled, pooled and convolved at random. */
class RandomNet {
  readonly #draw;
  readonly #net: PaddedNet;
  /** Images that may be read further; all are classified at the end. */
  readonly #images: Id[] = [];
  #count = 0;

  constructor(seed: number) {
    this.#draw = createRandom(seed).at('prunable');
    this.#net = new PaddedNet(`prunable ${seed}`);
  }

  build(): Model {
    const net = this.#net;
    for (let i = 0; i <= this.#below(2); i++)
      this.#images.push(
        net.padded(this.#name('stem'), net.input(`x${i}`, ['batch', 6, 6, 3]), 2 * this.#between(2, 4)),
      );
    for (let i = this.#between(4, 12); i > 0; i--) this.#step();
    const vectors = this.#images.map((id) =>
      net.node(this.#name('mean'), mean, { axes: [1, 2], keepDims: false }, [id]),
    );
    const model = net.classify(
      vectors.length > 1 ? net.node('all', concat, { axis: 1 }, vectors) : vectors[0],
    );
    return this.#withWeights(model);
  }

  /** The same for a seed: `noise` is one stream for all networks. */
  #withWeights(model: Model): Model {
    return patch(model, (edit) => {
      for (const { id, role, tensor } of model.parameters.values()) {
        const low = role === 'variance' ? 0.2 : -1;
        const data = Float32Array.from(
          { length: tensor.data.length },
          () => low + this.#draw.float() * (1 - low),
        );
        edit.setParameter(id, { tensor: float32(tensor.shape, data) });
      }
    });
  }

  #step(): void {
    const steps = [
      () => this.#layer(),
      () => this.#layer(),
      () => this.#layer(),
      () => this.#depthwise(),
      () => this.#residual(),
      () => this.#residual(),
      () => this.#join(),
      () => this.#split(),
      () => this.#excite(),
      () => this.#bend(),
      () => this.#move(),
      () => this.#enlarge(),
    ];
    steps[this.#below(steps.length)]();
  }

  #below(n: number): number {
    return Math.floor(this.#draw.float() * n);
  }
  #between(low: number, high: number): number {
    return low + this.#below(high - low + 1);
  }
  #pick(): Id {
    return this.#images[this.#below(this.#images.length)];
  }
  #name(what: string): Id {
    return `${what}${this.#count++}`;
  }
  #shape(id: Id): [Dim, number, number, number] {
    return this.#net.typeOf(id).shape as [Dim, number, number, number];
  }

  /** Takes the place of what was read, so that this stays inside the network. */
  #replace(from: Id, to: Id): void {
    this.#images[this.#images.indexOf(from)] = to;
  }

  /** A convolution, plain or grouped, with batch norm, or instance norm, or a bias alone. */
  #layer(x = this.#pick(), filters = 2 * this.#between(1, 4), stride = this.#between(1, 2)): Id {
    const net = this.#net;
    const [, , , channels] = this.#shape(x);
    const groups = channels % 2 === 0 && filters % 2 === 0 && this.#below(4) === 0 ? 2 : 1;
    const kernel = this.#between(1, 3);
    const name = this.#name('conv');
    let y: Id;
    if (this.#below(4) === 0) {
      const operands = [
        net.parameter(`${name}/weight`, noise([kernel, kernel, channels / groups, filters]), 'weight'),
        net.parameter(`${name}/bias`, noise([filters]), 'bias'),
      ];
      y = net.node(
        name,
        conv2d,
        { strides: [stride, stride], padding: 'same', dilations: [1, 1], activation: 'relu', groups },
        [x, ...operands],
      );
    } else if (this.#below(5) === 0) {
      const operands = (['scale', 'offset'] as const).map((role) =>
        net.parameter(`${name}/${role}`, noise([filters]), role),
      );
      y = net.node(`${name}/in`, instanceNorm, { epsilon: 1e-3 }, [
        net.layer(name, x, filters, kernel, groups, [stride, stride]),
        ...operands,
      ]);
    } else y = net.padded(name, x, filters, kernel, groups, [stride, stride]);
    this.#replace(x, y);
    return y;
  }

  #depthwise(): void {
    const x = this.#pick();
    const net = this.#net;
    const [, , , channels] = this.#shape(x);
    const name = this.#name('dw');
    const weight = net.parameter(`${name}/weight`, noise([3, 3, channels, this.#between(1, 2)]), 'weight');
    const windows = { strides: [1, 1], padding: 'same', dilations: [1, 1], activation: 'none' } as const;
    const y = net.node(name, depthwiseConv2d, { ...windows, strides: [1, 1], dilations: [1, 1] }, [
      x,
      weight,
    ]);
    this.#replace(x, this.#below(3) === 0 ? y : net.norm(name, y));
  }

  #residual(): void {
    const x = this.#pick();
    const [, , , channels] = this.#shape(x);
    this.#images.push(x);
    const branch = this.#layer(this.#layer(x, 2 * this.#between(1, 4), 1), channels, 1);
    this.#images.splice(this.#images.indexOf(branch), 1);
    this.#replace(
      x,
      this.#net.node(this.#name('sum'), add, { activation: this.#below(2) ? 'relu' : 'none' }, [x, branch]),
    );
  }

  #join(): void {
    const [x, y] = [this.#pick(), this.#pick()];
    if (this.#shape(x).slice(1, 3).join() !== this.#shape(y).slice(1, 3).join()) return;
    const joined = this.#net.node(this.#name('joined'), concat, { axis: 3 }, [x, y]);
    if (x !== y) this.#images.splice(this.#images.indexOf(y), 1);
    this.#replace(x, joined);
  }

  #split(): void {
    const x = this.#pick();
    const [, , , channels] = this.#shape(x);
    if (channels < 2) return;
    const first = this.#between(1, channels - 1);
    const names: [Id, Id] = [this.#name('part'), this.#name('part')];
    const [a, b] = this.#net.results(names, split, { axis: 3, sizes: [first, channels - first] }, [x]);
    this.#replace(x, a);
    this.#images.push(b);
  }

  #excite(): void {
    const x = this.#pick();
    const net = this.#net;
    const [, , , channels] = this.#shape(x);
    const squeezed = net.node(this.#name('squeezed'), mean, { axes: [1, 2], keepDims: true }, [x]);
    const name = this.#name('gates');
    const gates = net.node(`${name}/sigmoid`, sigmoid, {}, [
      net.layer(name, net.padded(this.#name('reduce'), squeezed, 3, 1), channels, 1),
    ]);
    this.#replace(x, net.node(this.#name('scaled'), mul, { activation: 'none' }, [x, gates]));
  }

  #bend(): void {
    const x = this.#pick();
    const net = this.#net;
    const [, , , channels] = this.#shape(x);
    const name = this.#name('bent');
    const ways = [
      () => net.node(name, relu6, {}, [x]),
      () => net.node(name, leakyRelu, { alpha: 0.2 }, [x]),
      () => net.node(name, hardSwish, {}, [x]),
      () => net.node(name, tanh, {}, [x]),
      () => net.node(name, prelu, {}, [x, net.parameter(`${name}/slopes`, noise([channels]), 'scale')]),
      () => net.norm(name, x),
    ];
    this.#replace(x, ways[this.#below(ways.length)]());
  }

  #move(): void {
    const x = this.#pick();
    const net = this.#net;
    const [, height, width, channels] = this.#shape(x);
    const name = this.#name('moved');
    const pool = { size: [2, 2], strides: [1, 1], padding: 'same', activation: 'none' } as const;
    const margins: [number, number][] = [
      [0, 0],
      [1, 0],
      [0, 1],
      [0, 0],
    ];
    const ways = [
      () => net.node(name, maxPool2d, { ...pool, size: [2, 2], strides: [1, 1] }, [x]),
      () => net.node(name, averagePool2d, { ...pool, size: [2, 2], strides: [1, 1] }, [x]),
      () => net.node(name, pad, { paddings: margins, value: 0 }, [x]),
      () =>
        height > 1 && width > 1 ? net.node(name, mirrorPad, { paddings: margins, mode: 'reflect' }, [x]) : x,
      () => net.node(name, transpose, { permutation: [0, 2, 1, 3] }, [x]),
      () => (channels % 2 === 0 ? net.shuffle(name, x, 2) : x),
      () => (height % 2 === 0 && width % 2 === 0 ? net.node(name, spaceToDepth, { blockSize: 2 }, [x]) : x),
      () => (channels % 4 === 0 ? net.node(name, depthToSpace, { blockSize: 2 }, [x]) : x),
    ];
    this.#replace(x, ways[this.#below(ways.length)]());
  }

  #enlarge(): void {
    const x = this.#pick();
    const net = this.#net;
    const [, height, width, channels] = this.#shape(x);
    if (height > 8) return;
    const name = this.#name('larger');
    const size: [number, number] = [2 * height, 2 * width];
    if (this.#below(2)) {
      const y = net.node(name, resizeNearest, { size, alignCorners: false, halfPixelCenters: false }, [x]);
      return this.#replace(x, y);
    }
    const weight = net.parameter(`${name}/weight`, noise([3, 3, channels, 4]), 'weight');
    const up = { strides: [2, 2], padding: 'same', outputSize: size, activation: 'none' } as const;
    const y = net.node(name, transposeConv2d, { ...up, strides: [2, 2], outputSize: size }, [x, weight]);
    this.#replace(x, net.norm(name, y));
  }
}

/** A random network with channels to remove; the same for a seed. */
export function randomPrunable(seed: number): Model {
  return new RandomNet(seed).build();
}
