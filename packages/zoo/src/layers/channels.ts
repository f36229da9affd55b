import { concat, mirrorPad, reshape, split, transpose } from '@whittle/core';
import type { Id } from '@whittle/core';
import type { Network } from '../network.js';
import { channelsOf } from './convolution.js';

/** Joins values along the last axis. */
export function concatLayer(network: Network, name: string, inputs: readonly Id[]): Id {
  const axis = network.builder.typeOf(inputs[0]).shape.length - 1;
  return network.builder.node(name, concat, { axis }, inputs);
}

/** Cuts the channels of an image in two halves, '<name>/0' and '<name>/1'. */
export function halvesOf(network: Network, name: string, input: Id): [Id, Id] {
  const half = channelsOf(network, input) / 2;
  const ids = [`${name}/0`, `${name}/1`];
  const [first, second] = network.builder.results(ids, split, { axis: 3, sizes: [half, half] }, [input]);
  return [first, second];
}

/**
 * Takes channels from the groups in turn (Zhang et al. 2018, section 3.1): channel g * n + i of g groups of n becomes
 * i * groups + g. Nodes '<name>/groups', '<name>/turn' and '<name>'.
 */
export function channelShuffle(network: Network, name: string, input: Id, groups: number): Id {
  const { builder } = network;
  const { shape } = builder.typeOf(input);
  const image = shape.slice(0, 3);
  const perGroup = channelsOf(network, input) / groups;
  const grouped = builder.node(`${name}/groups`, reshape, { shape: [...image, groups, perGroup] }, [input]);
  const turned = builder.node(`${name}/turn`, transpose, { permutation: [0, 1, 2, 4, 3] }, [grouped]);
  return builder.node(name, reshape, { shape: [...shape] }, [turned]);
}

/** Surrounds an image with `margin` rows and columns that mirror it, the edge not repeated. */
export function reflectionPad(network: Network, name: string, input: Id, margin: number): Id {
  const paddings: [number, number][] = [
    [0, 0],
    [margin, margin],
    [margin, margin],
    [0, 0],
  ];
  return network.builder.node(name, mirrorPad, { paddings, mode: 'reflect' }, [input]);
}
