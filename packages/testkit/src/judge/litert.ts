import type { Runtime } from '@whittle/core';
import { judgeRuntime } from './judge-runtime.js';

export interface LiteRtOptions {
  /** Default: `litert`. */
  readonly name?: string;
  /**
   * The kernels: `xnnpack` (what an interpreter has unless told otherwise), `builtin` (optimized, without delegates) or
   * `reference`.
   */
  readonly resolver?: 'xnnpack' | 'builtin' | 'reference';
}

/** LiteRT from its Python wheel, on one thread. It rounds as it likes: judge it by steps, agreement and accuracy. */
export function createLiteRtRuntime({ name = 'litert', resolver = 'xnnpack' }: LiteRtOptions = {}): Runtime {
  const description = `LiteRT, ${resolver} kernels, which round some integer ops in their own way`;
  return judgeRuntime({ name, description, runtime: 'litert', resolver });
}

/** LiteRT as it runs unless told otherwise. */
export const litertRuntime: Runtime = createLiteRtRuntime();
