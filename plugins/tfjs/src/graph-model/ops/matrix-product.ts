import { batchMatmul, dense, permuteAxes, transpose } from '@whittle/core';
import type { NodeCall } from '../node-call.js';
import type { Operand } from '../value.js';
import { expectReal } from './arithmetic.js';
import { followingOf } from './convolution.js';
import type { OpReaders } from './op-reader.js';

const inOrder = 'as it is';

/** A matrix product; with a known matrix on the right it is a dense layer. */
function multiplied(call: NodeCall): Operand {
  const following = followingOf(call);
  const { attributes } = call;
  const [a, b] = [0, 1].map((i) => expectReal(call, call.operand(i)));
  const [transposeA, transposeB] = ['transpose_a', 'transpose_b'].map((key) => attributes.boolean(key));
  if (call.rank(a) !== 2 || call.rank(b) !== 2) throw call.invalid('operands that are no matrices');
  if (b.kind === 'known') {
    const left = transposeA
      ? call.apply(transpose, { permutation: [1, 0] }, [a], { suffix: 'transposed' })
      : a;
    const weight = call.arranged(b, transposeB ? 'transposed' : inOrder, (value) =>
      transposeB ? permuteAxes(value, [1, 0]) : value,
    );
    const operands = following.bias ? [left, weight, following.bias] : [left, weight];
    const options = { roles: [undefined, 'weight', 'bias'] as const, isLinear: true };
    return following.after(call.apply(dense, { activation: following.fused }, operands, options));
  }
  if (following.fused !== 'none' || following.bias)
    throw call.unsupported('two computed matrices and a bias');
  return following.after(call.apply(batchMatmul, { transposeA, transposeB }, [a, b], { isLinear: true }));
}

/** Products of matrices, the last two axes. */
function multipliedEach(call: NodeCall): Operand {
  const { attributes } = call;
  const [a, b] = [0, 1].map((i) => expectReal(call, call.operand(i)));
  const [transposeA, transposeB] = [attributes.boolean('adj_x'), attributes.boolean('adj_y')];
  if (b.kind === 'known' && call.rank(b) === 2 && !transposeA && !transposeB)
    return call.apply(dense, { activation: 'none' }, [a, b], {
      roles: [undefined, 'weight'],
      isLinear: true,
    });
  return call.apply(batchMatmul, { transposeA, transposeB }, [a, b], { isLinear: true });
}

export const matrixProductReaders: OpReaders = {
  MatMul: multiplied,
  _FusedMatMul: multiplied,
  BatchMatMul: multipliedEach,
  BatchMatMulV2: multipliedEach,
};
