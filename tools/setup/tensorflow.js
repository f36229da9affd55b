import { existsSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { downloadLibrary } from './tensorflow-download.js';
import { buildFromWheel } from './tensorflow-wheel.js';
import { digest, identityOf, readIfThere, writeWhole } from './stamp.js';

/** Loads the binding as a program would and computes with it; Node 23 lacks the `util` functions that it calls. */
const TRIAL = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
const tf = require('@tensorflow/tfjs-node');
const [sum] = tf.tidy(() => tf.add([1.5], [2]).dataSync());
if (tf.getBackend() !== 'tensorflow' || sum !== 3.5) throw new Error('the binding computes 1.5 + 2 = ' + sum + ' on ' + tf.getBackend());
`;
const TRIAL_LIMIT_MS = 60_000;
/** The folders of @tensorflow/tfjs-node that hold native code: libraries and headers, and the binding. */
const FOLDERS = ['deps', 'lib'];

const bindingOf = (paths) => join(paths.tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');
const stampPath = (paths) => join(paths.tfjsNode, '.whittle-setup');
const wantedStamp = (paths) =>
  digest(
    process.version,
    process.arch,
    identityOf(bindingOf(paths)),
    ...['libtensorflow_cc.so.2', 'libtensorflow.so.2'].map((name) =>
      identityOf(join(paths.tfjsNode, 'deps', 'lib', name)),
    ),
  );

const isDone = ({ paths }) =>
  identityOf(bindingOf(paths)) !== '' && readIfThere(stampPath(paths)) === wantedStamp(paths);

/** Tries the binding in a process of its own, and remembers that it worked. */
const works = async ({ paths, run }) => {
  if (!existsSync(bindingOf(paths))) return false;
  const result = await run(process.execPath, ['-e', TRIAL], {
    cwd: paths.root,
    timeoutMs: TRIAL_LIMIT_MS,
    env: { TF_CPP_MIN_LOG_LEVEL: '3', NODE_OPTIONS: '' },
  });
  if (result.ok) writeWhole(stampPath(paths), wantedStamp(paths));
  return result.ok;
};

/** `npm ci` removes node_modules, so the native code lives in .cache and is linked in. */
const link = (paths) => {
  for (const folder of FOLDERS) {
    const place = join(paths.tfjsNode, folder);
    if (lstatSync(place, { throwIfNoEntry: false }) !== undefined) rmSync(place, { recursive: true });
    symlinkSync(relative(dirname(place), join(paths.tensorflow, folder)), place);
  }
};

/** What the native code was made from; it is made again when the npm package changes. */
const versionOf = (paths) => readIfThere(join(paths.tfjsNode, 'package.json')) ?? '';
const versionPath = (folder) => join(folder, 'made-for');

const isCurrent = (paths) => readIfThere(versionPath(paths.tensorflow)) === digest(versionOf(paths));

const linkAndTry = async (context) => {
  link(context.paths);
  return works(context);
};

/** Puts a complete folder of native code in place, in one step. */
const adopt = (paths, folder) => {
  writeWhole(versionPath(folder), digest(versionOf(paths)));
  rmSync(paths.tensorflow, { recursive: true, force: true });
  renameSync(folder, paths.tensorflow);
};

const SOURCES = [
  { name: "the npm package's own download", make: downloadLibrary },
  { name: 'the tensorflow-cpu wheel', make: buildFromWheel },
];

const install = async (context) => {
  const { paths, report } = context;
  if (versionOf(paths) === '')
    return report.gap('native TensorFlow', '@tensorflow/tfjs-node is not installed');
  if (await works(context)) return;
  if (isCurrent(paths) && (await linkAndTry(context)))
    return report.line('native TensorFlow: linked from .cache');
  const reasons = [];
  for (const { name, make } of SOURCES) {
    const folder = join(paths.partial, make.name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const reason = await make(context, folder);
    if (reason === undefined) {
      adopt(paths, folder);
      if (await linkAndTry(context)) return;
    }
    rmSync(folder, { recursive: true, force: true });
    reasons.push(reason ?? `${name} does not load here`);
  }
  report.gap('native TensorFlow', reasons.join('; '));
};

export const tensorflow = { name: 'native TensorFlow', isDone, install };
