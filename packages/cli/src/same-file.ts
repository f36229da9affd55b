import { realpath } from 'node:fs/promises';

/** Whether two paths lead to one file, by links too; not where one of them isn't there. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  const [x, y] = await Promise.all([a, b].map((path) => realpath(path).catch(() => undefined)));
  return x !== undefined && x === y;
}
