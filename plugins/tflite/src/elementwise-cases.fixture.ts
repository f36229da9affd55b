import * as core from '@whittle/core';
import type { OpDefinition } from '@whittle/core';
import { normal, single } from './float-ops.fixture.js';
import type { FloatCase } from './float-ops.fixture.js';

const image = ['batch', 7, 6, 4] as const;

function unary<A>(
  op: OpDefinition<A>,
  attributes = {} as A,
  rest: Omit<FloatCase, 'label' | 'model'> = {},
): FloatCase {
  const options = JSON.stringify(attributes);
  const label = options === '{}' ? op.name : `${op.name} ${options}`;
  return { label, model: single(op, attributes, [image]), ...rest };
}

const lacking = 'tflm';
const positive = true;

/** Ops of one and two operands. */
export const elementwiseCases: readonly FloatCase[] = [
  unary(core.abs),
  unary(core.relu),
  unary(core.relu6),
  unary(core.elu),
  unary(core.sigmoid),
  unary(core.tanh),
  unary(core.swish),
  unary(core.hardSwish),
  unary(core.leakyRelu, { alpha: 0.2 }),
  unary(core.reluN1To1, {}, { lacking }),
  unary(core.relu0To1, {}, { lacking }),
  unary(core.gelu, { approximate: false }, { lacking }),
  unary(core.gelu, { approximate: true }, { lacking }),
  unary(core.softplus),
  unary(core.softsign),
  unary(core.mish),
  unary(core.scaledElu, core.SELU),
  unary(core.scaledElu, { alpha: 0.3, scale: 1 }),
  unary(core.celu, { alpha: 1.5 }),
  unary(core.hardSigmoid, { alpha: 1 / 6, beta: 0.5 }),
  unary(core.hardSigmoid, { alpha: 0.2, beta: 0.5 }),
  unary(core.thresholdedRelu, { theta: 0.7 }, { lacking }),
  unary(core.exp),
  unary(core.log, {}, { positive }),
  unary(core.sqrt, {}, { positive }),
  unary(core.rsqrt, {}, { positive }),
  unary(core.neg),
  unary(core.square),
  unary(core.sign, {}, { lacking }),
  unary(core.floor),
  unary(core.ceil),
  unary(core.round),
  unary(core.sin),
  unary(core.cos),
  unary(core.erf, {}, { lacking }),
  ...core.binaryOps.flatMap((op): FloatCase[] => {
    const rest: Partial<FloatCase> = op === core.pow ? { positive, lacking } : {};
    const named = (label: string, model: core.Model): FloatCase => ({
      label: `${op.name}${label}`,
      model,
      ...rest,
    });
    return [
      named('', single(op, { activation: 'none' }, [image, image])),
      named(' broadcast', single(op, { activation: 'none' }, [image, normal([4])])),
      named(' clamped', single(op, { activation: 'relu6' }, [image, image])),
    ];
  }),
];
