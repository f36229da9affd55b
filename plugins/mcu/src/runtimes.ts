import type { Runtime } from '@whittle/core';
import { findCounter, missingCounter } from './instruction-count.js';
import { runCases } from './run-cases.js';
import { cortexM4, host, targets, wasm } from './targets/index.js';
import type { Target } from './targets/index.js';
import { whyToolMissing } from './tool.js';
import { wasmRuntime } from './wasm/wasm-runtime.js';

/** Runs models as C programs built for a target, in emulation unless it is the host. */
export function targetRuntime(target: Target, description: string): Runtime {
  return {
    name: target.name,
    description,
    async unavailable() {
      const { compiler, compilerHint, emulator } = target;
      const noCompiler = await whyToolMissing(compiler, compilerHint);
      if (noCompiler !== undefined || !emulator) return noCompiler;
      const noEmulator = await whyToolMissing(emulator.command, emulator.hint);
      if (noEmulator !== undefined) return noEmulator;
      return findCounter() ? undefined : missingCounter;
    },
    run: (cases, context) => runCases(cases, target, context),
  };
}

export const hostRuntime = targetRuntime(host, "the C project, built by this machine's compiler");
export const cortexM4Runtime = emulatedRuntime(cortexM4);

/** A runtime for every target, in the order of `targets`. */
export const targetRuntimes: readonly Runtime[] = targets.map((target) => {
  if (target === host) return hostRuntime;
  if (target === wasm) return wasmRuntime;
  return target === cortexM4 ? cortexM4Runtime : emulatedRuntime(target);
});

function emulatedRuntime(target: Target): Runtime {
  return targetRuntime(target, `${target.description}, emulated`);
}
