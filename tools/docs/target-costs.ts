import type { RunCost } from '@whittle/core';
import { targets } from '@whittle/mcu';
import type { ModelName } from './peer-figures.js';

export const optimizations = ['speed', 'ram', 'flash'] as const;
export type Optimization = (typeof optimizations)[number];

/** The targets whose programs can be counted here. */
export const emulated = targets.filter(({ emulator }) => emulator);

/** What models take on each emulated target, for each thing that they are made small for. */
export class TargetCosts {
  readonly #costs = new Map<string, RunCost>();

  set(model: ModelName, target: string, optimize: Optimization, cost: RunCost): void {
    this.#costs.set(`${model} ${target} ${optimize}`, cost);
  }

  of(model: ModelName, target: string, optimize: Optimization): RunCost {
    const cost = this.#costs.get(`${model} ${target} ${optimize}`);
    if (!cost) throw new Error(`${target} gave no costs`);
    return cost;
  }
}
