import { tensor } from '@whittle/core';
import { dtypeAttribute } from './graph-builder.fixture.js';
import type { GraphBuilder } from './graph-builder.fixture.js';
import { graphCase, image, weight } from './graph-case.fixture.js';
import type { GraphCase } from './graph-case.fixture.js';

const zero = tensor('float32', [], [0]);
const above = (g: GraphBuilder, x: string) => g.node('Greater', [x, g.constant(zero)]);

/** Ops of truth values. */
export const comparisons = (): GraphCase[] => [
  ...['Equal', 'NotEqual', 'Less', 'LessEqual', 'Greater', 'GreaterEqual'].map((op) =>
    graphCase(`${op} of values`, (g) => g.node(op, [g.input([-1, 3, 5]), g.input([-1, 1, 5])])),
  ),
  graphCase('equal to what is cut off', (g) =>
    g.node('Equal', [g.node('Relu', [g.input(image)]), g.constant(zero)]),
  ),
  graphCase('comparison of int32', (g) =>
    g.node('Less', [g.input([-1, 4], 'int32'), g.input([-1, 4], 'int32')]),
  ),
  ...['LogicalAnd', 'LogicalOr'].map((op) =>
    graphCase(`${op} of values`, (g) =>
      g.node(op, [above(g, g.input(image)), above(g, g.input([-1, 1, 8, 4]))]),
    ),
  ),
  graphCase('logical not', (g) =>
    g.node('Cast', [g.node('LogicalNot', [above(g, g.input(image))])], {
      SrcT: dtypeAttribute('bool'),
      DstT: dtypeAttribute('float32'),
    }),
  ),
  ...['Select', 'SelectV2'].map((op) =>
    graphCase(`${op} by value`, (g) => {
      const x = g.input(image);
      return g.node(op, [above(g, x), x, g.input(image)]);
    }),
  ),
  graphCase('choice that broadcasts', (g) =>
    g.node('SelectV2', [above(g, g.input([-1, 1, 8, 1])), g.constant(weight([4])), g.input(image)]),
  ),
  graphCase('choice by a constant', (g) =>
    g.node('SelectV2', [g.constant(tensor('bool', [4], [1, 0, 0, 1])), g.input(image), g.constant(zero)]),
  ),
];
