import { execFile } from 'node:child_process';
import { WhittleError } from '@whittle/core';
import { findPython, missingPython, pythonEnvironment } from './python.js';

/**
 * Runs a Python script in the judges' environment, to make models that tests read, say. Returns what it prints.
 * @throws TARGET_UNAVAILABLE without a Python, RUNTIME_FAILED with the end of what it says where it fails
 */
export async function runPython(script: string, args: readonly string[] = []): Promise<string> {
  const python = findPython();
  if (!python) throw new WhittleError('TARGET_UNAVAILABLE', missingPython());
  return new Promise((resolve, reject) => {
    execFile(
      python,
      [script, ...args],
      { env: pythonEnvironment(), maxBuffer: 1 << 30 },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const said = stderr.trim().split('\n').slice(-3).join('; ');
        reject(new WhittleError('RUNTIME_FAILED', `${script}: ${said || error.message}`));
      },
    );
  });
}
