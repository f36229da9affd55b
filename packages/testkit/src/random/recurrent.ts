import { lstm, lstmGates, svdf } from '@whittle/core';
import { drawActivation } from './linear.js';
import { zeros } from './network-draw.js';
import { opDraw } from './op-draw.js';

const rankTwo = opDraw(svdf, (network) => {
  const { draw } = network;
  const x = network.float(2);
  if (!x) return undefined;
  const rank = draw.between(1, 2);
  const units = draw.between(1, 5);
  const memory = draw.between(2, 4);
  const [inputs, filters] = [x.shape[1], rank * units];
  const initial = zeros([1, filters * memory]);
  const operands = [
    x,
    network.weight([inputs, filters], 1 / Math.sqrt(inputs)),
    network.weight([filters, memory], 0.5),
    network.constant(initial),
    ...(draw.oneIn(3) ? [] : [network.weight([units], 0.3, 'bias')]),
  ];
  const attributes = { rank, activation: drawActivation(network) };
  return network.add(svdf, attributes, operands, [{ operand: 3, result: 1, initial }]);
});

const gated = opDraw(lstm, (network) => {
  const { draw } = network;
  const x = network.float(3);
  if (!x) return undefined;
  const [, , inputs] = x.shape;
  const units = draw.between(1, 4);
  const initial = zeros([1, units]);
  const operands = [
    x,
    ...lstmGates.map(() => network.weight([inputs, units], 1 / Math.sqrt(inputs))),
    ...lstmGates.map(() => network.weight([units, units], 0.5)),
    ...lstmGates.map(() => network.weight([units], 0.3, 'bias')),
    network.constant(initial),
    network.constant(initial),
  ];
  return network.add(lstm, { cellClip: draw.pick(0, 0, 2), timeMajor: false }, operands, [
    { operand: 13, result: 1, initial },
    { operand: 14, result: 2, initial },
  ]);
});

export const recurrentDraws = [rankTwo, gated] as const;
