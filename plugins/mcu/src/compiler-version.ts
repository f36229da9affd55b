import type { Target } from './targets/index.js';
import { runTool } from './tool.js';

/** Name and version of a target's compiler. @throws TARGET_UNAVAILABLE, TOOLCHAIN_FAILED */
export async function compilerVersion({ compiler }: Pick<Target, 'compiler'>): Promise<string> {
  return `${compiler} ${versionIn(await runTool(compiler, ['--version']))}`;
}

/** The version that a compiler tells in its first line, packagers' remarks in parentheses left out. */
export function versionIn(text: string): string {
  const [line] = text.split('\n', 1);
  return /\d+(\.\d+)+/.exec(line.replace(/\([^)]*\)/g, ''))?.[0] ?? line.trim();
}
