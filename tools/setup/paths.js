import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where set-up reads and writes: everything below one checkout, so that two checkouts never meet. */
export const pathsOf = (root) => {
  const cache = join(root, '.cache');
  const nodeModules = join(root, 'node_modules');
  return {
    root,
    cache,
    nodeModules,
    lock: join(cache, 'setup.lock'),
    /** Half-built things; emptied at the start of each run, and renamed into place when complete. */
    partial: join(cache, 'partial'),
    python: join(cache, 'python'),
    models: join(cache, 'models'),
    tensorflow: join(cache, 'tensorflow'),
    qemuPlugin: join(cache, 'qemu', 'libicnt.so'),
    tfjsNode: join(nodeModules, '@tensorflow', 'tfjs-node'),
    tools: join(root, 'tools'),
    mcu: join(root, 'plugins', 'mcu'),
    train: join(root, 'packages', 'train'),
  };
};

export const repositoryRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
