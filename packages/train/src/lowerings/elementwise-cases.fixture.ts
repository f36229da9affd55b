import * as core from '@whittle/core';
import type { BinaryOp, Id, ModelBuilder, OpDefinition } from '@whittle/core';
import type { Case } from './op-cases.fixture.js';

const image = [7, 6, 4];

/** Between 1/2 and 3/2. */
function positive(build: ModelBuilder, x: Id): Id {
  const share = build.node('share', core.sigmoid, {}, [x]);
  const half = build.parameter('half', core.float32([1], [0.5]), 'weight', false);
  return build.node('positive', core.add, { activation: 'none' }, [share, half]);
}

const plain = [
  core.abs,
  core.relu,
  core.relu6,
  core.reluN1To1,
  core.relu0To1,
  core.elu,
  core.sigmoid,
  core.tanh,
  core.swish,
  core.hardSwish,
  core.softplus,
  core.softsign,
  core.mish,
  core.exp,
  core.neg,
  core.square,
  core.sign,
  core.floor,
  core.ceil,
  core.round,
  core.sin,
  core.cos,
  core.erf,
];

const parametrized: readonly (readonly [OpDefinition, object])[] = [
  [core.leakyRelu as OpDefinition, { alpha: 0.1 }],
  [core.gelu as OpDefinition, { approximate: false }],
  [core.gelu as OpDefinition, { approximate: true }],
  [core.scaledElu as OpDefinition, core.SELU],
  [core.scaledElu as OpDefinition, { alpha: 0.5, scale: 1 }],
  [core.celu as OpDefinition, { alpha: 1.5 }],
  [core.hardSigmoid as OpDefinition, { alpha: 1 / 6, beta: 0.5 }],
  [core.hardSigmoid as OpDefinition, { alpha: 0.2, beta: 0.5 }],
  [core.thresholdedRelu as OpDefinition, { theta: 0.7 }],
];

const inputs = (op: BinaryOp) =>
  op === core.pow ? { operands: (build: ModelBuilder, x: Id) => [positive(build, x)] } : {};

/** All ops of one and two operands. */
export const elementwiseCases: readonly Case[] = [
  ...plain.map((op): Case => ({ op: op as OpDefinition, attributes: {}, input: [9] })),
  ...[core.log, core.sqrt, core.rsqrt].map((op): Case => ({
    op: op as OpDefinition,
    attributes: {},
    input: [9],
    operands: (build, x) => [positive(build, x)],
  })),
  ...parametrized.map(([op, attributes]): Case => ({
    op,
    label: JSON.stringify(attributes),
    attributes,
    input: [9],
  })),
  ...core.binaryOps.map((op): Case => ({
    op,
    attributes: { activation: 'none' },
    input: image,
    parameters: [[op === core.div || op === core.floorMod ? 'variance' : 'weight', image]],
    ...inputs(op),
  })),
  ...core.binaryOps.map((op): Case => ({
    op,
    label: 'broadcast',
    attributes: { activation: 'relu' },
    input: image,
    parameters: [[op === core.div || op === core.floorMod ? 'variance' : 'weight', [4]]],
    ...inputs(op),
  })),
];
