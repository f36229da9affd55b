import { WhittleError } from '@whittle/core';
import type { ArgExtremumAttributes, GatherAttributes, NodeView } from '@whittle/core';
import type { Int8Kernel } from '../lowering.js';
import { argExtremumPlan, gatherPlan } from '../plans/gather.js';

/** GATHER of int8. The kernel throws SHAPE_MISMATCH for an index that there is no entry of. */
export function prepareGather(n: NodeView<GatherAttributes>): Int8Kernel {
  const { outer, entries, inner, count } = gatherPlan(n);
  return ([input, indices], [output]) => {
    for (let i = 0; i < count; i++) {
      const entry = indices[i] as number;
      if (entry < 0 || entry >= entries)
        throw new WhittleError(
          'SHAPE_MISMATCH',
          `${n.name}: index ${entry} is not one of ${entries} entries`,
          {
            node: n.name,
          },
        );
      for (let block = 0; block < outer; block++) {
        const from = (block * entries + entry) * inner;
        output.set(input.subarray(from, from + inner) as never, (block * count + i) * inner);
      }
    }
  };
}

/** ARG_MAX of int8: the first of equals. */
export function prepareArgMax(n: NodeView<ArgExtremumAttributes>): Int8Kernel {
  return argExtremum(n, (a, b) => a > b);
}

/** ARG_MIN of int8: the first of equals. */
export function prepareArgMin(n: NodeView<ArgExtremumAttributes>): Int8Kernel {
  return argExtremum(n, (a, b) => a < b);
}

function argExtremum(
  n: NodeView<ArgExtremumAttributes>,
  better: (a: number, b: number) => boolean,
): Int8Kernel {
  const { outer, extent, inner } = argExtremumPlan(n);
  return ([input], [output]) => {
    for (let line = 0; line < outer * inner; line++) {
      const start = Math.floor(line / inner) * extent * inner + (line % inner);
      const at = (step: number) => input[start + step * inner] as number;
      let best = 0;
      for (let step = 1; step < extent; step++) if (better(at(step), at(best))) best = step;
      output[line] = best;
    }
  };
}
