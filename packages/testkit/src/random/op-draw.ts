import type { OpDefinition } from '@whittle/core';
import type { NetworkDraw } from './network-draw.js';

/** How applications of an op are drawn. */
export interface OpDraw {
  readonly op: { readonly name: string; readonly version: number };
  /**
   * Adds a node of the op to the network, on values that it has, or on what it makes of them first. False where there are
   * none that the op takes, or the results would not be fit to go on with.
   */
  readonly apply: (network: NetworkDraw) => boolean;
}

/** Declares one. `apply` returns what the node added, or nothing. */
export function opDraw<A>(op: OpDefinition<A>, apply: (network: NetworkDraw) => unknown): OpDraw {
  return { op, apply: (network) => apply(network) !== undefined };
}
