/** One solution on a path of lambdas. */
export interface LassoSolution {
  /** Lambda as a share of the smallest one with which all coefficients are 0. */
  readonly share: number;
  readonly lambda: number;
  /** Overwritten as the path goes on. */
  readonly beta: Float64Array;
}

/** Each lambda is that part of the one before. */
const STEP = 0.9;
const SMALLEST_SHARE = 1e-4;
const MOST_SWEEPS = 1000;

/**
 * Solutions of argmin over beta of 1/2 beta' G beta - b' beta + lambda || beta ||_1 for falling lambdas, by cyclic coordinate
 * descent, each started from the one before (Friedman et al. 2010, section 2). G is [c, c], symmetric and positive
 * semidefinite.
 */
export function* lassoPath(gram: Float64Array, target: Float64Array): Generator<LassoSolution> {
  const largest = target.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const beta = new Float64Array(target.length);
  if (largest === 0) return;
  for (let share = STEP; share > SMALLEST_SHARE; share *= STEP) {
    const lambda = largest * share;
    descend(gram, target, lambda, beta);
    yield { share, lambda, beta };
  }
}

/** Sweeps over the coefficients until none moves any more. */
function descend(gram: Float64Array, target: Float64Array, lambda: number, beta: Float64Array): void {
  const count = target.length;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let moved = 0;
    for (let i = 0; i < count; i++) {
      const own = gram[i * count + i];
      if (own === 0) continue;
      let rest = target[i] + own * beta[i];
      for (let j = 0; j < count; j++) rest -= gram[i * count + j] * beta[j];
      const next = (Math.sign(rest) * Math.max(Math.abs(rest) - lambda, 0)) / own;
      moved = Math.max(moved, Math.abs(next - beta[i]) * Math.sqrt(own));
      beta[i] = next;
    }
    if (moved * moved < 1e-18 * Math.max(...target.map(Math.abs))) return;
  }
}
