/** A sparsity at each point of a run, whose part `done` is from 0 to 1. */
export type SparsitySchedule = (done: number) => number;

/**
 * From `initial` to `final`, fast at first and slowly at the end: final + (initial - final) (1 - t)^3, t being how far it is
 * between `begin` and `end` of the run (Zhu and Gupta 2017, equation 1).
 */
export function cubicSparsity(options: {
  readonly initial?: number;
  readonly final: number;
  readonly begin?: number;
  readonly end?: number;
}): SparsitySchedule {
  const { initial = 0, final, begin = 0, end = 1 } = options;
  return (done) => {
    const t = Math.min(1, Math.max(0, (done - begin) / (end - begin)));
    return final + (initial - final) * (1 - t) ** 3;
  };
}
