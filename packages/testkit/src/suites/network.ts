import {
  add,
  averagePool2d,
  concat,
  conv2d,
  depthwiseConv2d,
  mean,
  ModelBuilder,
  softmax,
} from '@whittle/core';
import type { Id, Quantization } from '@whittle/core';
import type { Suite } from '../suite.js';
import { biasQuantization, drawActivation, drawOutput, drawWeight } from './convolution.js';
import type { Draw } from './draw.js';
import { perTensor } from './draw.js';
import { extents, opSuite } from './op-suite.js';
import type { OpCase } from './op-suite.js';

interface Layer {
  readonly id: Id;
  readonly quantization: Quantization;
  /** Rows, columns, channels. */
  readonly shape: readonly [number, number, number];
}

/** Adds random layers to a model; each reads the last layer, and some an earlier one too. */
class NetworkDraw {
  readonly layers: Layer[];

  constructor(
    readonly draw: Draw,
    readonly builder: ModelBuilder,
    input: Layer,
  ) {
    this.layers = [input];
  }

  get last(): Layer {
    return this.layers[this.layers.length - 1];
  }

  addLayer(): void {
    const { last } = this;
    const partners = this.layers.filter(({ shape }) => shape.every((extent, i) => extent === last.shape[i]));
    const kind = this.draw.pick('conv', 'depthwise', 'add', 'add', 'concat', 'pool');
    if (kind === 'conv') this.#conv(last);
    else if (kind === 'depthwise') this.#depthwise(last);
    else if (kind === 'add') this.#add(last, this.draw.pick(...partners));
    else if (kind === 'concat') this.#concat(last);
    else this.#pool(last);
  }

  #conv(from: Layer): void {
    const size = this.draw.pick(1, 3);
    const outputs = this.draw.pick(from.shape[2], this.draw.between(1, 8));
    const weight = drawWeight(this.draw, [size, size, from.shape[2], outputs], 3);
    const { scale } = weight.quantization!;
    const name = this.#name('conv');
    const attributes = {
      strides: [1, 1] as [number, number],
      dilations: [1, 1] as [number, number],
      padding: 'same' as const,
      activation: drawActivation(this.draw),
      groups: 1,
    };
    const quantization = drawOutput(this.draw, from.quantization, scale, size * size * from.shape[2]);
    const bias = this.draw.bias(outputs, biasQuantization(from.quantization, scale));
    const operands = [from.id, this.#weight(name, weight), this.builder.parameter(`${name}/b`, bias, 'bias')];
    const id = this.builder.node(name, conv2d, attributes, operands, { quantization: [quantization] });
    this.layers.push({ id, quantization, shape: [from.shape[0], from.shape[1], outputs] });
  }

  #depthwise(from: Layer): void {
    const [height, width, channels] = from.shape;
    const stride = height > 3 && width > 3 ? this.draw.pick(1, 2) : 1;
    const weight = drawWeight(this.draw, [3, 3, channels, 1], channels > 1 ? 2 : 3);
    const name = this.#name('depthwise');
    const attributes = {
      strides: [stride, stride] as [number, number],
      dilations: [1, 1] as [number, number],
      padding: 'same' as const,
      activation: drawActivation(this.draw),
    };
    const { scale } = weight.quantization!;
    const quantization = drawOutput(this.draw, from.quantization, scale, 9);
    const bias = this.draw.bias(channels, biasQuantization(from.quantization, scale));
    const operands = [from.id, this.#weight(name, weight), this.builder.parameter(`${name}/b`, bias, 'bias')];
    const id = this.builder.node(name, depthwiseConv2d, attributes, operands, {
      quantization: [quantization],
    });
    const shape = [Math.ceil(height / stride), Math.ceil(width / stride), channels] as const;
    this.layers.push({ id, quantization, shape });
  }

  #add(a: Layer, b: Layer): void {
    const scale = Math.max(a.quantization.scale[0], b.quantization.scale[0]) * this.draw.logUniform(0.5, 2);
    const quantization = perTensor(scale, this.draw.zeroPoint());
    const attributes = { activation: drawActivation(this.draw) };
    const id = this.builder.node(this.#name('add'), add, attributes, [a.id, b.id], {
      quantization: [quantization],
    });
    this.layers.push({ id, quantization, shape: a.shape });
  }

  #concat(from: Layer): void {
    const { quantization, shape } = from;
    const id = this.builder.node(this.#name('concat'), concat, { axis: 3 }, [from.id, from.id], {
      quantization: [quantization],
    });
    this.layers.push({ id, quantization, shape: [shape[0], shape[1], 2 * shape[2]] });
  }

  #pool(from: Layer): void {
    const { quantization } = from;
    const attributes = {
      size: [2, 2] as [number, number],
      strides: [1, 1] as [number, number],
      padding: 'same' as const,
      activation: 'none' as const,
    };
    const id = this.builder.node(this.#name('pool'), averagePool2d, attributes, [from.id], {
      quantization: [quantization],
    });
    this.layers.push({ id, quantization, shape: from.shape });
  }

  #weight(name: string, weight: ReturnType<typeof drawWeight>): Id {
    return this.builder.parameter(`${name}/w`, weight, 'weight');
  }

  #name(kind: string): string {
    return `${kind}_${this.layers.length}`;
  }
}

/** Whole networks of 3 to 9 layers with values that are read again later, and outputs in the middle: memory plans. */
export function networkSuite(seeds: readonly number[]): Suite {
  return opSuite('network', seeds, (draw): OpCase => {
    const shape = [draw.between(2, 9), draw.between(2, 9), draw.between(1, 4)] as const;
    const quantization = perTensor(draw.logUniform(2e-3, 0.5), draw.zeroPoint());
    const builder = new ModelBuilder('network');
    const id = builder.input('input', [1, ...shape], { dtype: 'int8', quantization });
    const network = new NetworkDraw(draw, builder, { id, quantization, shape });
    const count = draw.between(3, 9);
    while (network.layers.length <= count) network.addLayer();
    const { last, layers } = network;
    const pooled = builder.node('mean', mean, { axes: [1, 2], keepDims: false }, [last.id], {
      quantization: [last.quantization],
    });
    builder.output(
      builder.node('output', softmax, { beta: 1 }, [pooled], { quantization: [perTensor(1 / 256, -128)] }),
    );
    if (draw.oneIn(2)) builder.output(layers[draw.between(1, layers.length - 1)].id);
    const kinds = layers.slice(1).map((layer) => layer.id.replace(/_\d+$/, ''));
    return {
      label: `${extents(shape)} ${kinds.join(' ')}`,
      model: builder.finish(),
      inputs: [1, 2, 3].map(() => [draw.int8([1, ...shape])]),
    };
  });
}
