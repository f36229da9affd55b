import { mkdirSync, rmSync } from 'node:fs';

import { debianPackages } from './debian-packages.js';
import { acquireLock } from './lock.js';
import { modelCorpus } from './model-corpus.js';
import { npmPackages } from './npm-packages.js';
import { pathsOf } from './paths.js';
import { pythonJudges } from './python-judges.js';
import { qemuPlugin } from './qemu-plugin.js';
import { runCommand } from './run-command.js';
import { tensorflow } from './tensorflow.js';
import { gradientKernels, wasmKernels } from './wasm-kernels.js';

/**
 * In order: a later step may use what an earlier one brings. A step says whether it is done, in milliseconds and without
 * changing anything that matters, and installs what is missing.
 */
const STEPS = [
  npmPackages,
  debianPackages,
  pythonJudges,
  modelCorpus,
  tensorflow,
  qemuPlugin,
  wasmKernels,
  gradientKernels,
];

/**
 * Installs what is missing below `root`, and on the system where it may.
 *
 * @returns whether everything can go on: false only if the npm packages could not be installed
 */
export const setUp = async (root, report) => {
  const paths = pathsOf(root);
  const state = { paths, report };
  if (STEPS.every((step) => step.isDone(state))) {
    report.line('nothing to do');
    return true;
  }
  mkdirSync(paths.cache, { recursive: true });
  const lock = await acquireLock(paths.lock, {
    onWait: (owner) => report.line(`waiting for another set-up (process ${owner.split('@')[0]}) to finish`),
  });
  process.once('exit', lock.release);
  const run = (command, args, options) => runCommand(command, args, { ...options, onChild: lock.setChild });
  try {
    rmSync(paths.partial, { recursive: true, force: true });
    for (const step of STEPS) {
      if (step.isDone(state)) continue;
      await step.install({ ...state, run });
      if (report.failed) return false;
    }
    rmSync(paths.partial, { recursive: true, force: true });
  } finally {
    lock.release();
  }
  report.line(report.gaps.length === 0 ? 'done' : `done, without ${report.gaps.join('; ')}`);
  return true;
};
