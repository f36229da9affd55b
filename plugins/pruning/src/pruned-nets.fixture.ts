import {
  add,
  batchNorm,
  conv2d,
  createRandom,
  dense,
  depthwiseConv2d,
  flatten,
  float32,
  maxPool2d,
  mean,
  ModelBuilder,
  relu,
  sizeOf,
  softmax,
  tensor,
} from '@whittle/core';
import type { BatchSource, Id, Model, ParameterRole } from '@whittle/core';

const random = createRandom(8);
const none = { activation: 'none' } as const;

/** Layers on a builder, with drawn numbers. */
class Net extends ModelBuilder {
  drawn(id: Id, role: ParameterRole, shape: readonly number[], around = 0, deviation = 0.5): Id {
    const stream = random.at(id);
    const data = Float32Array.from({ length: sizeOf(shape) }, () => around + deviation * stream.normal());
    return this.parameter(id, float32(shape, data), role);
  }
  conv(
    id: Id,
    x: Id,
    filters: number,
    options: { readonly groups?: number; readonly bias?: boolean } = {},
  ): Id {
    const { groups = 1, bias = true } = options;
    const channels = this.typeOf(x).shape[3] as number;
    const operands = [this.drawn(`${id}/weight`, 'weight', [3, 3, channels / groups, filters])];
    if (bias) operands.push(this.drawn(`${id}/bias`, 'bias', [filters], 0, 0.2));
    return this.node(id, conv2d, { ...none, strides: [1, 1], padding: 'same', dilations: [1, 1], groups }, [
      x,
      ...operands,
    ]);
  }
  depthwise(id: Id, x: Id): Id {
    const channels = this.typeOf(x).shape[3] as number;
    const weight = this.drawn(`${id}/weight`, 'weight', [3, 3, channels, 1]);
    return this.node(id, depthwiseConv2d, { ...none, strides: [1, 1], padding: 'same', dilations: [1, 1] }, [
      x,
      weight,
    ]);
  }
  normRelu(id: Id, x: Id): Id {
    const c = [this.typeOf(x).shape.at(-1) as number];
    const norm = this.node(`${id}/bn`, batchNorm, { epsilon: 1e-3 }, [
      x,
      this.drawn(`${id}/gamma`, 'scale', c, 1, 0.3),
      this.drawn(`${id}/beta`, 'offset', c, 0.1, 0.2),
      this.drawn(`${id}/mean`, 'mean', c),
      this.parameter(`${id}/variance`, float32(c, new Float32Array(c[0]).fill(1.5)), 'variance'),
    ]);
    return this.node(`${id}/relu`, relu, {}, [norm]);
  }
  classify(x: Id, classes = 3): Model {
    const from = this.typeOf(x).shape.at(-1) as number;
    const operands = [
      this.drawn('fc/weight', 'weight', [from, classes]),
      this.drawn('fc/bias', 'bias', [classes], 0, 0.1),
    ];
    const logits = this.node('fc', dense, none, [x, ...operands]);
    this.output(this.node('y', softmax, { beta: 1 }, [logits]));
    return this.finish();
  }
}

/** [6, 6, 2]: convolutions of 6 and 5 channels, the second flattened into a dense layer. */
export function plainNet(): Model {
  const b = new Net('plain');
  const first = b.node('r1', relu, {}, [b.conv('c1', b.input('x', ['batch', 6, 6, 2]), 6)]);
  const second = b.node('r2', relu, {}, [b.conv('c2', first, 5)]);
  const pooled = b.node('pool', maxPool2d, { ...none, size: [2, 2], strides: [2, 2], padding: 'valid' }, [
    second,
  ]);
  return b.classify(b.node('flat', flatten, {}, [pooled]));
}

/** [6, 6, 2]: a trunk of 6 channels that a shortcut couples, with norms, a branch of 4, and a depthwise convolution behind. */
export function residualNet(): Model {
  const b = new Net('residual');
  const trunk = b.normRelu('n1', b.conv('c1', b.input('x', ['batch', 6, 6, 2]), 6, { bias: false }));
  const branch = b.normRelu('n2', b.conv('c2', trunk, 4, { bias: false }));
  const back = b.conv('c3', branch, 6);
  const sum = b.node('sum', add, { activation: 'relu' }, [trunk, back]);
  const spread = b.normRelu('n4', b.depthwise('d4', sum));
  return b.classify(b.node('means', mean, { axes: [1, 2], keepDims: false }, [spread]));
}

/** [6, 6, 2]: a convolution of 8 channels, read by one in 2 groups. */
export function groupedNet(): Model {
  const b = new Net('grouped');
  const first = b.node('r1', relu, {}, [b.conv('c1', b.input('x', ['batch', 6, 6, 2]), 8)]);
  const second = b.node('r2', relu, {}, [b.conv('c2', first, 6, { groups: 2 })]);
  return b.classify(b.node('means', mean, { axes: [1, 2], keepDims: false }, [second]));
}

/** Images of noise [6, 6, 2], 16 a batch, whose class is where they are brightest: left, middle or right. */
export function noiseImages(count = 4, stream = 'noise'): BatchSource {
  return {
    examples: 16 * count,
    count,
    *batches() {
      for (let step = 0; step < count; step++) {
        const draws = random.at(stream, 0, step);
        const images = Float32Array.from({ length: 16 * 72 }, () => draws.normal());
        const labels = Int32Array.from({ length: 16 }, (_, example) => {
          const sums = [0, 0, 0];
          for (let i = 0; i < 72; i++)
            sums[Math.floor((Math.floor(i / 2) % 6) / 2)] += images[example * 72 + i];
          return sums.indexOf(Math.max(...sums));
        });
        yield { inputs: [float32([16, 6, 6, 2], images)], labels: tensor('int32', [16], labels) };
      }
    },
  };
}
