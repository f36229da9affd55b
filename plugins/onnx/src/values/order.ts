import type { Dim } from '@whittle/core';

/**
 * How a value's axes are stored: for each stored axis, the axis of the file's shape that it is, or -1 for one of extent 1 that
 * the file's shape doesn't have. Axes of extent 1 may be missing; every other axis is there once.
 */
export type Order = readonly number[];

export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

/** As the file has it. */
export function identity(rank: number): number[] {
  return range(0, rank);
}

/** The batch, the positions, then the channels: [0, 2, 3, 1] for an image. */
export function channelsLast(rank: number): number[] {
  return rank < 2 ? identity(rank) : [0, ...range(2, rank), 1];
}

export function storedShape(shape: readonly Dim[], order: Order): Dim[] {
  return order.map((axis) => (axis < 0 ? 1 : shape[axis]));
}

/** The axes that have more than one element, in the order in which they are stored. */
export function wideAxes(shape: readonly Dim[], order: Order): number[] {
  return order.filter((axis) => axis >= 0 && shape[axis] !== 1);
}

export function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/**
 * An order that stores the elements as `order` does and has every axis of the file's shape: itself where it does, else with
 * channels last, or as the file has them, or with the missing axes, of extent 1, behind the first.
 */
export function completeOrder(shape: readonly Dim[], order: Order): Order {
  const all = identity(shape.length);
  if (all.every((axis) => order.includes(axis))) return order;
  const wide = wideAxes(shape, order);
  for (const candidate of [channelsLast(shape.length), all])
    if (sameNumbers(wideAxes(shape, candidate), wide)) return candidate;
  const missing = all.filter((axis) => shape[axis] === 1);
  return missing.length > 0 && missing[0] === 0
    ? [...missing, ...wide]
    : [wide[0], ...missing, ...wide.slice(1)];
}
