import { add, concrete, maxPool2d, pad } from '@whittle/core';
import type { Id, Pair } from '@whittle/core';
import { channelsOf, convLayer } from '../layers/index.js';
import { expectOption } from '../network.js';
import type { Network } from '../network.js';
import { convBnActivation } from './conv-bn.js';

/**
 * How a residual block's input is brought to the shape of its output, where they differ (He et al. 2015, section 3.3):
 * 'padding' takes every stride-th pixel and appends zero channels (option A, no parameters; the trunk's channels can't be
 * pruned past the padding); 'projection' is a 1 x 1 convolution with bias (option B), 'linear-projection' one without, and
 * 'normalized-projection' one without, with a batch norm behind it.
 */
export type Shortcut = 'padding' | 'projection' | 'linear-projection' | 'normalized-projection';

export interface ShortcutOptions {
  /** Channels of the result; at least those of the input where the shortcut is by padding. */
  readonly filters: number;
  readonly stride: number;
  readonly shortcut: Shortcut;
}

/** The input itself where its shape is right, else the shortcut '<name>'. @throws OPTION_INVALID */
export function shortcutOf(network: Network, name: string, input: Id, options: ShortcutOptions): Id {
  const { filters, stride, shortcut } = options;
  if (stride === 1 && channelsOf(network, input) === filters) return input;
  const strides: Pair = [stride, stride];
  if (shortcut === 'padding') return paddedShortcut(network, name, input, filters, strides);
  const convolution = { filters, kernel: [1, 1] as Pair, strides };
  if (shortcut === 'normalized-projection')
    return convBnActivation(network, name, input, { ...convolution, activation: 'none' });
  return convLayer(network, name, input, { ...convolution, bias: shortcut === 'projection' });
}

function paddedShortcut(network: Network, name: string, input: Id, filters: number, strides: Pair): Id {
  const sampled = network.builder.node(
    `${name}/sample`,
    maxPool2d,
    { size: [1, 1], strides, padding: 'valid', activation: 'none' },
    [input],
  );
  const missing = filters - concrete(network.builder.typeOf(input).shape)[3];
  expectOption(missing >= 0, () => `${name} can't be padded by ${missing} channels, expected at least 0`);
  const none: [number, number] = [0, 0];
  return network.builder.node(name, pad, { paddings: [none, none, none, [0, missing]], value: 0 }, [sampled]);
}

/** The sum '<name>' of a shortcut and what a block computes. */
export function joinShortcut(network: Network, name: string, shortcut: Id, residual: Id): Id {
  return network.builder.node(name, add, { activation: 'none' }, [shortcut, residual]);
}
