import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A Python with a peer's packages, or why there is none. */
export type PythonOfPeer = { readonly python: string } | { readonly missing: string };

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The Python environment with what `NAME.requirements.txt` beside this file lists, installed into `.cache/bench/python-NAME` the
 * first time. `torch` (PyTorch, TorchVision and Torch-Pruning: 3 GB, as PyTorch's wheels don't load without those of CUDA) is
 * shared by the benches `train` and `prune`.
 */
export async function pythonOf(name: string): Promise<PythonOfPeer> {
  const said = await output(process.execPath, [at('set-up-environment.js'), name]);
  return JSON.parse(said.trimEnd().split('\n').at(-1)!) as PythonOfPeer;
}

/** What a script of this folder prints. @throws where it fails, having said why on the error output */
export function runPeer(python: string, script: string, args: readonly string[]): Promise<string> {
  return output(python, [at(script), ...args]);
}

function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${args[0]} ended with ${code}`)),
    );
  });
}
