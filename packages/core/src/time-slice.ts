import { throwIfAborted } from './errors.js';

/** How long a computation goes on before it lets others run. */
const sliceMs = 50;

/**
 * For long computations on the main thread: the function returned is awaited between steps, and now and then lets timers
 * and signals have their turn. @throws ABORTED from that function, where the signal was raised
 */
export function timeSlice(signal: AbortSignal | undefined): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < sliceMs) return;
    await new Promise((resolve) => setTimeout(resolve));
    throwIfAborted(signal);
    last = performance.now();
  };
}
