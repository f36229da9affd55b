import type { Id, Pair } from '@whittle/core';
import type { Network } from '../network.js';
import { bnReluConv } from './conv-bn.js';
import { joinShortcut, shortcutOf } from './shortcut.js';
import type { ShortcutOptions } from './shortcut.js';

/** shortcut(x) + conv(relu(bn(conv(relu(bn(x)))))) with 3 x 3 kernels (He et al. 2016, figure 1b). */
export function preActivationBlock(network: Network, name: string, input: Id, options: ShortcutOptions): Id {
  const { filters, stride } = options;
  const kernel: Pair = [3, 3];
  const first = bnReluConv(network, `${name}/conv1`, input, { filters, kernel, strides: [stride, stride] });
  const second = bnReluConv(network, `${name}/conv2`, first, { filters, kernel });
  const shortcut = shortcutOf(network, `${name}/shortcut`, input, options);
  return joinShortcut(network, `${name}/add`, shortcut, second);
}

/** The same with 1 x 1 convolution to a quarter of the channels, 3 x 3 with the stride, and 1 x 1. */
export function preActivationBottleneck(
  network: Network,
  name: string,
  input: Id,
  options: ShortcutOptions,
): Id {
  const { filters, stride } = options;
  const narrow = { filters: filters / 4 };
  const strides: Pair = [stride, stride];
  const first = bnReluConv(network, `${name}/conv1`, input, { ...narrow, kernel: [1, 1] });
  const second = bnReluConv(network, `${name}/conv2`, first, { ...narrow, kernel: [3, 3], strides });
  const third = bnReluConv(network, `${name}/conv3`, second, { filters, kernel: [1, 1] });
  const shortcut = shortcutOf(network, `${name}/shortcut`, input, options);
  return joinShortcut(network, `${name}/add`, shortcut, third);
}
