import { lstm, lstmGates, lstmOperands, svdf } from '@whittle/core';
import type { OpDefinition } from '@whittle/core';

/** A weight of a kernel with states, which is symmetric and has one scale. */
export interface RecurrentWeight {
  readonly operand: number;
  /** The operand that it is multiplied with: of both scales the bias has the product. */
  readonly multiplies: number;
  readonly dtype: 'int8' | 'int16';
  /** The operand that is added to the sums. */
  readonly bias?: number;
}

/** A state, and the result that replaces it, which has the same type. */
export interface RecurrentState {
  readonly operand: number;
  readonly result: number;
  /**
   * `output`: as the first result. Else int16 with zero point 0, whatever activations are: of any scale (`symmetric`), or of one
   * that is a power of two (`power-of-two`).
   */
  readonly scale: 'output' | 'symmetric' | 'power-of-two';
}

/** What an integer kernel with states demands of the types around it. */
export interface RecurrentRule {
  readonly weights: readonly RecurrentWeight[];
  readonly states: readonly RecurrentState[];
}

const rules: ReadonlyMap<string, RecurrentRule> = new Map<string, RecurrentRule>([
  [
    svdf.name,
    {
      weights: [
        { operand: 1, multiplies: 0, dtype: 'int8' },
        { operand: 2, multiplies: 3, dtype: 'int16', bias: 4 },
      ],
      states: [{ operand: 3, result: 1, scale: 'symmetric' }],
    },
  ],
  [
    lstm.name,
    {
      weights: lstmGates.flatMap((_, g): RecurrentWeight[] => [
        { operand: lstmOperands.kernel + g, multiplies: 0, dtype: 'int8', bias: lstmOperands.bias + g },
        { operand: lstmOperands.recurrent + g, multiplies: lstmOperands.hidden, dtype: 'int8' },
      ]),
      states: [
        { operand: lstmOperands.hidden, result: 1, scale: 'output' },
        { operand: lstmOperands.cell, result: 2, scale: 'power-of-two' },
      ],
    },
  ],
]);

/** The rule of an op with weights and states of its own; undefined for others. */
export function recurrentRuleOf(op: Pick<OpDefinition, 'name'>): RecurrentRule | undefined {
  return rules.get(op.name);
}
