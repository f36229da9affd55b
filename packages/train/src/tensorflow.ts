import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import type * as tfjs from '@tensorflow/tfjs';
import { WhittleError } from '@whittle/core';
import { installDeferredOps } from './graph/defer.js';
import { registerFusedKernels } from './kernels/register.js';
import { useWasm } from './wasm/load-wasm.js';

/** The tensor library. There is one copy, `scope.tf` or `loadTensorFlow()`; import nothing but types from it. */
export type TensorFlow = typeof tfjs;
/** A tensor of the library; `Tensor` is core's. */
export type TfTensor = tfjs.Tensor;

/**
 * What the library computes with: 'native' is TensorFlow's own library, 'wasm' its replacement in WebAssembly, of one thread,
 * which is several times slower and needs nothing to be installed.
 */
export type TensorFlowBackend = 'native' | 'wasm';

export interface TensorFlowOptions {
  /**
   * Threads of one operation; the number of processors unless told, or what TF_NUM_INTRAOP_THREADS says. Another number
   * gives other last bits. It is fixed by the first call in a process.
   */
  readonly threads?: number;
  /**
   * Unless told, what the environment variable WHITTLE_TENSORFLOW says; else 'native' where it is there, and 'wasm' with a
   * warning where it isn't. It is fixed by the first call in a process.
   */
  readonly backend?: TensorFlowBackend;
}

const require = createRequire(import.meta.url);
let native: TensorFlow | undefined;
let registered = false;
let loading:
  { readonly backend: TensorFlowBackend | undefined; readonly tf: Promise<TensorFlow> } | undefined;

/**
 * Loads the tensor library, once a process. Computations repeat to the bit on one machine with one backend and one number of
 * threads.
 * @throws TARGET_UNAVAILABLE where what was asked for can't be loaded, or nothing can; OPTION_INVALID where another backend is
 * asked for than before
 */
export async function loadTensorFlow(options: TensorFlowOptions = {}): Promise<TensorFlow> {
  const { backend } = options;
  loading ??= { backend, tf: load(options) };
  const known = loading;
  try {
    const tf = await known.tf;
    if (backend === undefined || backend === backendOf(tf)) return tf;
    throw new WhittleError(
      'OPTION_INVALID',
      `the tensor library already computes with '${backendOf(tf)}' in this process, not with '${backend}'`,
    );
  } catch (error) {
    // What can't be loaded may be tried again, with another backend.
    if (loading === known && !(await known.tf.catch(() => undefined))) loading = undefined;
    throw error;
  }
}

/** Why native TensorFlow can't be used here, or undefined where it can. */
export async function tensorFlowUnavailable(): Promise<string | undefined> {
  const used = await loading?.tf.catch(() => undefined);
  const backend = used?.getBackend();
  try {
    loadNative({});
    // Loading makes it the backend.
    if (used && backend) await used.setBackend(backend);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function load(options: TensorFlowOptions): Promise<TensorFlow> {
  const backend = options.backend ?? backendFromEnvironment();
  if (backend === 'wasm') return loadWasm();
  try {
    return loadNative(options);
  } catch (error) {
    if (backend === 'native') throw error;
    const tf = await loadWasm().catch((cause: Error) => {
      throw new WhittleError(
        'TARGET_UNAVAILABLE',
        `${(error as Error).message}; nor does WebAssembly: ${cause.message}`,
        { cause: error },
      );
    });
    process.emitWarning(
      `${(error as Error).message}. WebAssembly computes instead, which is the slower path: several times slower, and on one ` +
        'processor. Install @tensorflow/tfjs-node for speed, or set WHITTLE_TENSORFLOW=wasm to be told no more.',
      { type: 'WhittleWarning', code: 'WHITTLE_WASM' },
    );
    return tf;
  }
}

function backendFromEnvironment(): TensorFlowBackend | undefined {
  const told = process.env.WHITTLE_TENSORFLOW;
  if (told === undefined || told === '') return undefined;
  if (told === 'native' || told === 'wasm') return told;
  throw new WhittleError('OPTION_INVALID', `WHITTLE_TENSORFLOW must be native or wasm, found '${told}'`);
}

function backendOf(tf: TensorFlow): TensorFlowBackend {
  return tf === native ? 'native' : 'wasm';
}

async function loadWasm(): Promise<TensorFlow> {
  const tf = require('@tensorflow/tfjs') as TensorFlow;
  register(tf);
  await useWasm(tf, require);
  return tf;
}

/** @throws TARGET_UNAVAILABLE */
function loadNative({ threads = availableParallelism() }: TensorFlowOptions): TensorFlow {
  if (native) return native;
  process.env.TF_NUM_INTRAOP_THREADS ??= String(threads);
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  defineRemovedUtilities();
  try {
    const tf = require('@tensorflow/tfjs-node') as TensorFlow;
    register(tf);
    installDeferredOps(tf);
    return (native = tf);
  } catch (cause) {
    throw unavailable(cause);
  }
}

/** Names of kernels and gradients are the library's, whichever backend computes. */
function register(tf: TensorFlow): void {
  if (!registered) registerFusedKernels(tf);
  registered = true;
}

/** tfjs-node calls functions of `util` that Node 22 warns of and Node 23 lacks. */
function defineRemovedUtilities(): void {
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;
}

function unavailable(cause: unknown): WhittleError {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  return new WhittleError(
    'TARGET_UNAVAILABLE',
    `native TensorFlow, the npm package @tensorflow/tfjs-node with its binding, doesn't load here: ${reason}`,
    { cause },
  );
}
