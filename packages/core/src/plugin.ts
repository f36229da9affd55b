import { WhittleError } from './errors.js';
import type { InputShapes } from './input-shapes.js';
import type { Lowering } from './lowering.js';
import type { Model } from './model.js';
import type { OpDefinition } from './op.js';
import type { PassListing } from './pass.js';
import { LoweringTable } from './lowering.js';
import { coreOps } from './ops/index.js';
import type { Runtime } from './runtime.js';

/** What a reader is given beside the file. */
export interface ReadContext {
  /** The ops that the file may name. */
  readonly ops: readonly OpDefinition[];
  /**
   * Reads a file that the model's file names, such as a shard of weights: a relative path that stays in the folder of the
   * model's file. Left out where there is no folder. @throws FORMAT_INVALID for any other path, FILE_UNREADABLE
   */
  readonly readBeside?: (path: string) => Promise<Uint8Array>;
  /** Shapes of inputs, for files that leave extents open. */
  readonly shapes?: InputShapes;
}

/** The one spelling of a path that `readBeside` takes: a file that is named in many ways is one file. */
export function plainPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/');
}

/** Reads models of one file format. */
export interface Reader {
  readonly format: string;
  /** File name endings, without the dot. */
  readonly extensions: readonly string[];
  /** Whether the bytes look like this format, by content. */
  recognizes(bytes: Uint8Array): boolean;
  /**
   * Options with which the backend of the same name writes what the file has and a model doesn't say, such as how weights are
   * stored. @throws FORMAT_INVALID
   */
  storedOptions?(bytes: Uint8Array): EmitContext['options'];
  /**
   * @throws FORMAT_INVALID, OP_UNSUPPORTED; SHAPE_OPEN where shapes must be told, OPTION_INVALID where those that are don't fit
   */
  read(bytes: Uint8Array, context: ReadContext): Model | Promise<Model>;
}

/** What a backend writes: files by relative path. */
export interface Artifact {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The file to run or flash, where there is one. */
  readonly main?: string;
  /** Files that whoever gets them goes on from: written once, kept where they were changed since. */
  readonly startingPoints?: readonly string[];
  readonly report?: Readonly<Record<string, unknown>>;
}

/** What a backend is given beside the model. */
export interface EmitContext {
  readonly lowerings: LoweringTable;
  /** Options of the backend, as it names them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

/** Turns a model into files for one target. */
export interface Backend {
  readonly target: string;
  readonly description: string;
  /** Names of the options that `emit` takes; none where left out. */
  readonly options?: readonly string[];
  /** Checks options before there is a model, as `emit` does. @throws OPTION_INVALID: `NAME: found X, expected Y` */
  checkOptions?(options: EmitContext['options']): void;
  /** Whether what it writes is there to go on from: a graph that nobody cleans up unasked. */
  readonly keepsGraph?: boolean;
  /** Whether it writes a project, which has a folder of its own, and not a file that may lie beside others. */
  readonly ownFolder?: boolean;
  /** Bytes of the device that a program may take, unless the options `ram` and `flash` say otherwise. */
  readonly memory?: { readonly ramBytes: number; readonly flashBytes: number };
  /** @throws OP_UNSUPPORTED, TARGET_TOO_SMALL and others that the plugin names */
  emit(model: Model, context: EmitContext): Promise<Artifact>;
}

/** A list of passes, ops, lowerings, readers, backends and runtimes under one name. */
export interface Plugin {
  readonly name: string;
  readonly passes?: readonly PassListing[];
  readonly ops?: readonly OpDefinition[];
  readonly lowerings?: readonly Lowering[];
  readonly readers?: readonly Reader[];
  readonly backends?: readonly Backend[];
  readonly runtimes?: readonly Runtime[];
}

export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}

/** What several plugins offer together. */
export interface Registry {
  readonly plugins: readonly Plugin[];
  readonly ops: readonly OpDefinition[];
  readonly lowerings: LoweringTable;
  readonly readers: readonly Reader[];
  readonly backends: ReadonlyMap<string, Backend>;
  readonly runtimes: ReadonlyMap<string, Runtime>;
}

/** Puts plugins together. @throws PLUGIN_DUPLICATE where two bring the same name, op, lowering, target or runtime */
export function createRegistry(plugins: readonly Plugin[]): Registry {
  byName('plugin', plugins, (plugin) => plugin.name);
  const ops = [...coreOps, ...plugins.flatMap((plugin) => plugin.ops ?? [])];
  byName('op', ops, (op) => `${op.name} (version ${op.version})`);
  byName(
    'pass',
    plugins.flatMap((plugin) => plugin.passes ?? []),
    (factory) => factory.definition.name,
  );
  return {
    plugins,
    ops,
    lowerings: new LoweringTable(plugins.flatMap((plugin) => plugin.lowerings ?? [])),
    readers: plugins.flatMap((plugin) => plugin.readers ?? []),
    backends: byName(
      'target',
      plugins.flatMap((plugin) => plugin.backends ?? []),
      (backend) => backend.target,
    ),
    runtimes: byName(
      'runtime',
      plugins.flatMap((plugin) => plugin.runtimes ?? []),
      (runtime) => runtime.name,
    ),
  };
}

function byName<T>(kind: string, items: readonly T[], name: (item: T) => string): Map<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    if (map.has(name(item)))
      throw new WhittleError('PLUGIN_DUPLICATE', `two plugins bring the ${kind} '${name(item)}'`);
    map.set(name(item), item);
  }
  return map;
}
