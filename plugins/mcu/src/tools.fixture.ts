import { execFileSync } from 'node:child_process';

/** Whether programs can be run here. */
export function found(...programs: readonly string[]): boolean {
  return programs.every((program) => {
    try {
      execFileSync(program, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

/** Whether programs that set-up installs can be run here. In CI each is required, so that a missing one fails its tests. */
export function present(...programs: readonly string[]): boolean {
  return Boolean(process.env.CI) || found(...programs);
}
