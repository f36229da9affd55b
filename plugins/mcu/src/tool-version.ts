import { runTool } from './tool.js';

/** Name and version of a compiler or an emulator. @throws TARGET_UNAVAILABLE, TOOLCHAIN_FAILED */
export async function toolVersion(command: string): Promise<string> {
  return `${command} ${versionIn(await runTool(command, ['--version']))}`;
}

/** The version that a program tells in its first line, packagers' remarks in parentheses left out. */
export function versionIn(text: string): string {
  const [line] = text.split('\n', 1);
  return /\d+(\.\d+)+/.exec(line.replace(/\([^)]*\)/g, ''))?.[0] ?? line.trim();
}
