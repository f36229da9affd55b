import { WhittleError } from '@whittle/core';

/** How far training is. */
export interface SchedulePoint {
  /** Steps done so far, in all epochs. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Epochs that the run is to have. */
  readonly epochs: number;
}

/** A number that depends on how far training is, and on nothing else: a resumed run sees what it would have seen. */
export type Schedule = (at: SchedulePoint) => number;

/** Value of a number or schedule at a point. */
export function valueOf(schedule: number | Schedule, at: SchedulePoint): number {
  return typeof schedule === 'number' ? schedule : schedule(at);
}

/** Which part of the run is done, 0 to 1. */
export function fractionDone({ step, stepsPerEpoch, epochs }: SchedulePoint): number {
  return Math.min(1, step / (stepsPerEpoch * epochs));
}

/** The same value throughout. */
export function constant(value: number): Schedule {
  return () => value;
}

/**
 * `initial`, multiplied by `factor` each time a part of the run is done: `at` [0.5, 0.75] means after half and after
 * three quarters of all steps.
 * @throws OPTION_INVALID unless the parts ascend between 0 and 1
 */
export function stepSchedule(options: {
  readonly initial: number;
  readonly factor?: number;
  readonly at?: readonly number[];
}): Schedule {
  const { initial, factor = 0.1, at = [0.5, 0.75] } = options;
  if (!at.every((part, i) => part > 0 && part < 1 && (i === 0 || part > at[i - 1])))
    throw new WhittleError(
      'OPTION_INVALID',
      `a step schedule's parts must ascend between 0 and 1, found [${at.join(', ')}]`,
    );
  return (point) => {
    const done = fractionDone(point);
    return at.reduce((value, part) => (done >= part ? value * factor : value), initial);
  };
}

/** From `initial` to `final` (0 unless told) along half a cosine (Loshchilov and Hutter 2017, equation 5). */
export function cosine(options: { readonly initial: number; readonly final?: number }): Schedule {
  const { initial, final = 0 } = options;
  return (point) => final + ((initial - final) / 2) * (1 + Math.cos(Math.PI * fractionDone(point)));
}

/** Rises linearly from 0 to the schedule's own value over the first `epochs` epochs (which may be a fraction). */
export function warmUp(schedule: number | Schedule, epochs: number): Schedule {
  if (!(epochs > 0))
    throw new WhittleError('OPTION_INVALID', `warm-up epochs must be above 0, found ${epochs}`);
  return (point) => {
    const steps = epochs * point.stepsPerEpoch;
    return valueOf(schedule, point) * Math.min(1, (point.step + 1) / steps);
  };
}
