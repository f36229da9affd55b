import * as core from '@whittle/core';
import { float32 } from '@whittle/core';
import type { Id, ModelBuilder } from '@whittle/core';
import type { Case } from './op-cases.fixture.js';

const image = [7, 6, 4];
const none = { activation: 'none' } as const;

/** Numbers that the input is compared with, and what comes of it. */
const above = (build: ModelBuilder, x: Id, name: string, threshold: readonly number[]): Id => {
  const than = build.parameter(`${name}/than`, float32([threshold.length], threshold), 'weight', false);
  return build.node(name, core.greater, {}, [x, than]);
};

/** Ops of truth values. */
export const comparisonCases: readonly Case[] = [
  ...core.comparisonOps.map((op): Case => ({
    op,
    attributes: {},
    input: image,
    untrained: true,
    operands: (build, x) => [x, build.node('size', core.abs, {}, [x])],
  })),
  ...core.logicalOps.map((op): Case => ({
    op,
    attributes: {},
    input: image,
    untrained: true,
    operands: (build, x) =>
      [above(build, x, 'first', [0.1, 0.2, 0.3, -9]), above(build, x, 'second', [-0.5])].slice(
        0,
        op.operands.length,
      ),
  })),
  {
    op: core.where,
    attributes: {},
    input: image,
    operands: (build, x) => [
      // Far from what the input is, so that small changes of it don't matter.
      above(build, x, 'condition', [-99, 99, -99, 99]),
      build.node('twice', core.mul, none, [x, x]),
      x,
    ],
  },
];
