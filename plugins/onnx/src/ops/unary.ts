import {
  abs,
  ceil,
  celu,
  cos,
  elu,
  erf,
  exp,
  floor,
  gelu,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  log,
  maximum,
  minimum,
  mish,
  neg,
  prelu,
  relu,
  relu0To1,
  relu6,
  reluN1To1,
  round,
  scaledElu,
  sigmoid,
  sign,
  sin,
  softplus,
  softsign,
  sqrt,
  swish,
  tanh,
  thresholdedRelu,
  float32,
} from '@whittle/core';
import type { Id, OpDefinition } from '@whittle/core';
import type { NodeCall } from '../graph/node-call.js';
import { broadcastTensor } from '../graph/node-call.js';
import type { OpReader, OpReaders } from './op-reader.js';
import { binaryOf } from './binary.js';

const none = { activation: 'none' } as const;

/** An element-wise op: its result is stored as its operand is. */
export function elementwise(emit: (call: NodeCall, x: Id) => Id): OpReader {
  return (call) => {
    const x = call.activation(call.operand(0));
    call.expectFloat(x);
    call.result(emit(call, x.id), x.order, { shape: x.shape, scramble: x.scramble });
  };
}

function plain(op: OpDefinition<object>): OpReader {
  return elementwise((call, x) => call.emit(op, {}, [x]));
}

/** Bounds as good as none: the largest floats. */
const boundless = 3e38;

/** A clamp: one of the activations that are clamps, or a minimum and a maximum. */
function clamped(call: NodeCall, x: Id, low: number, high: number): Id {
  const named = (
    [
      [relu6, 0, 6],
      [relu, 0, Infinity],
      [reluN1To1, -1, 1],
      [relu0To1, 0, 1],
    ] as const
  ).find(([, from, to]) => from === low && to === high);
  if (named) return call.emit(named[0], {}, [x]);
  const bounds = [
    ...(low > -Infinity ? [[maximum, low, 'low'] as const] : []),
    ...(high < Infinity ? [[minimum, high, 'high'] as const] : []),
  ];
  return bounds.reduce(
    (value, [op, bound, what], i) =>
      call.emit(op, none, [value, call.scalar(bound, what)], i < bounds.length - 1 ? 'bounded' : undefined),
    x,
  );
}

const clip: OpReader = (call) => {
  const bounds = [
    [1, 'min', -Infinity],
    [2, 'max', Infinity],
  ] as const;
  if (bounds.some(([i]) => call.operands[i]?.kind === 'activation')) {
    let value = call.operand(0);
    for (const [i, what] of bounds)
      if (call.has(i)) {
        binaryOf(call, what === 'min' ? maximum : minimum, value, call.operand(i), `${what}imum`);
        value = call.results[0]!;
      }
    return;
  }
  const [low, high] = bounds.map(([i, name, otherwise]) => {
    const [bound] = call.has(i) ? call.numbers(i, name) : [call.attributes.float(name, otherwise)];
    return Math.abs(bound) > boundless ? otherwise : bound;
  });
  if (low === -Infinity && high === Infinity) return call.alias(call.operand(0));
  elementwise((_, x) => clamped(call, x, low, high))(call);
};

const leaky: OpReader = elementwise((call, x) => {
  const alpha = call.attributes.float('alpha', 0.01);
  return alpha <= 1
    ? call.emit(leakyRelu, { alpha }, [x])
    : call.emit(prelu, {}, [x, call.scalar(alpha, 'alpha')]);
});

const parametric: OpReader = (call) => {
  const x = call.activation(call.operand(0));
  call.expectFloat(x);
  const slope = call.constant(1, 'a slope');
  const alpha = call.parameter(
    slope,
    'weight',
    `broadcast ${x.shape.length} ${x.order.join()} ${JSON.stringify(x.scramble)}`,
    (t) => broadcastTensor(t, x.shape.length, x.order, x.scramble),
  );
  call.result(call.emit(prelu, {}, [x.id, alpha]), x.order, { shape: x.shape, scramble: x.scramble });
};

const exponential: OpReader = elementwise((call, x) => {
  const alpha = call.attributes.float('alpha', 1);
  if (alpha === 1) return call.emit(elu, {}, [x]);
  if (alpha <= 0) throw call.unsupported(`alpha ${alpha}`);
  return call.emit(scaledElu, { alpha, scale: 1 }, [x]);
});

const geluReader: OpReader = elementwise((call, x) =>
  call.emit(gelu, { approximate: call.attributes.text('approximate', 'none') === 'tanh' }, [x]),
);

const reciprocal: OpReader = (call) => {
  const one = { kind: 'constant', name: `${call.name()}/one`, tensor: float32([1], [1]) } as const;
  call.expectFloat(call.operand(0));
  binaryOf(call, 'div', one, call.operand(0));
};

export const unaryReaders: OpReaders = {
  Relu: plain(relu),
  Sigmoid: plain(sigmoid),
  Tanh: plain(tanh),
  Softplus: plain(softplus),
  Softsign: plain(softsign),
  Mish: plain(mish),
  HardSwish: plain(hardSwish),
  Swish: elementwise((call, x) => {
    call.only('alpha', call.attributes.float('alpha', 1), 1);
    return call.emit(swish, {}, [x]);
  }),
  Exp: plain(exp),
  Log: plain(log),
  Sqrt: plain(sqrt),
  Neg: plain(neg),
  Abs: plain(abs),
  Erf: plain(erf),
  Floor: plain(floor),
  Ceil: plain(ceil),
  Round: plain(round),
  Sign: plain(sign),
  Sin: plain(sin),
  Cos: plain(cos),
  Clip: clip,
  LeakyRelu: leaky,
  PRelu: parametric,
  Elu: exponential,
  Selu: elementwise((call, x) =>
    call.emit(
      scaledElu,
      {
        alpha: call.attributes.float('alpha', 1.6732631921768188),
        scale: call.attributes.float('gamma', 1.0507010221481323),
      },
      [x],
    ),
  ),
  Celu: elementwise((call, x) => call.emit(celu, { alpha: call.attributes.float('alpha', 1) }, [x])),
  HardSigmoid: elementwise((call, x) =>
    call.emit(
      hardSigmoid,
      { alpha: call.attributes.float('alpha', 0.2), beta: call.attributes.float('beta', 0.5) },
      [x],
    ),
  ),
  ThresholdedRelu: elementwise((call, x) =>
    call.emit(thresholdedRelu, { theta: call.attributes.float('alpha', 1) }, [x]),
  ),
  Gelu: geluReader,
  Reciprocal: reciprocal,
};
