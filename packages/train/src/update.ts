import type { Optimizer } from './optimizer.js';
import type { ParameterSelector, Penalty } from './penalty.js';
import type { Proximal } from './proximal.js';
import type { Schedule } from './schedule.js';
import type { Term } from './term.js';

/** One gradient step on some parameters of one model: several make an alternating game, as between GAN players. */
export interface Update {
  /** Name of the trained model; the first one unless told. */
  readonly model?: string;
  /** Which of its trainable parameters; all unless told. */
  readonly parameters?: ParameterSelector;
  readonly optimizer: Optimizer;
  readonly learningRate: number | Schedule;
  readonly terms: readonly Term[];
  readonly penalties?: readonly Penalty[];
  /** Done to the parameters after the step, in order. */
  readonly after?: readonly Proximal[];
}
