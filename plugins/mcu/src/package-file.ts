import { readFile } from 'node:fs/promises';

/** A text file of this package, by its path from the package's folder. */
export function packageFile(path: string): Promise<string> {
  return readFile(new URL(`../${path}`, import.meta.url), 'utf8');
}
