import {
  add,
  batchMatmul,
  concat,
  l2Normalize,
  maximum,
  minimum,
  mul,
  reduceSum,
  reshape,
  sub,
} from '@whittle/core';
import type { BinaryOp, Id } from '@whittle/core';
import { invalid, unsupported } from '../faults.js';
import type { LayerCall } from '../graph/layer-call.js';
import type { LayerReader } from '../graph/layer-reader.js';

const none = { activation: 'none' } as const;

/** Operands of one rank: those of a lower one get axes of 1 behind the batch, as Keras' merging layers do. */
function aligned(call: LayerCall): Id[] {
  const { inputs } = call;
  if (inputs.length < 2) throw unsupported(call.where, `${inputs.length} inputs, expected at least 2`);
  const rank = Math.max(...inputs.map((id) => call.rank(id)));
  return inputs.map((id) => {
    const [batch, ...rest] = call.shape(id);
    const ones = new Array<number>(rank - rest.length - 1).fill(1);
    return ones.length === 0 ? id : call.node('aligned', reshape, { shape: [batch, ...ones, ...rest] }, [id]);
  });
}

function fold(call: LayerCall, op: BinaryOp): Id {
  return aligned(call).reduce((sum, id) => call.node(op.name, op, none, [sum, id]));
}

const merge = (op: BinaryOp): LayerReader => ({ read: (call) => fold(call, op) });

function readSubtract(call: LayerCall): Id {
  const operands = aligned(call);
  if (operands.length !== 2) throw invalid(call.where, `${operands.length} inputs, expected 2`);
  return call.node('sub', sub, none, operands);
}

function readAverage(call: LayerCall): Id {
  const share = call.constant('share', 1 / call.inputs.length);
  return call.node('mean', mul, none, [fold(call, add), share]);
}

function readConcat(call: LayerCall): Id {
  const { inputs } = call;
  const axis = call.axis(call.options.integer('axis', -1), call.rank(inputs[0]));
  if (axis === 0) throw unsupported(call.where, 'a concatenation of batches');
  return call.node('concat', concat, { axis }, inputs);
}

/** Products over one axis of each operand: of vectors, or of matrices. */
function readDot(call: LayerCall): Id {
  const { options } = call;
  if (call.inputs.length !== 2) throw invalid(call.where, `${call.inputs.length} inputs, expected 2`);
  const told = options.integers('axes');
  const [a, b] = call.inputs;
  const axes = [a, b].map((id, i) => call.axis(told[i] ?? told[0], call.rank(id)));
  const [x, y] = options.boolean('normalize', false)
    ? [a, b].map((id, i) => {
        if (axes[i] !== call.rank(id) - 1)
          throw unsupported(call.where, 'vectors normalized over another axis');
        return call.node('unit', l2Normalize, {}, [id]);
      })
    : [a, b];
  const ranks = [call.rank(x), call.rank(y)];
  if (ranks[0] === 2 && ranks[1] === 2) {
    const product = call.node('product', mul, none, [x, y]);
    return call.node('dot', reduceSum, { axes: [1], keepDims: true }, [product]);
  }
  if (ranks[0] !== 3 || ranks[1] !== 3 || axes.includes(0))
    throw unsupported(
      call.where,
      `a product of operands of rank ${ranks.join(' and ')} over axes ${axes.join(', ')}`,
    );
  return call.node('dot', batchMatmul, { transposeA: axes[0] === 1, transposeB: axes[1] === 2 }, [x, y]);
}

export const mergingReaders: Readonly<Record<string, LayerReader>> = {
  Add: merge(add),
  Subtract: { read: readSubtract },
  Multiply: merge(mul),
  Average: { read: readAverage },
  Maximum: merge(maximum),
  Minimum: merge(minimum),
  Concatenate: { read: readConcat },
  Dot: { read: readDot },
};
