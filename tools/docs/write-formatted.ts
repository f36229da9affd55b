import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { format, resolveConfig } from 'prettier';

/** Writes a text file, formatted as its name asks for: whole or not at all. */
export async function writeFormatted(path: string, text: string): Promise<void> {
  const formatted = await format(text, { ...(await resolveConfig(path)), filepath: path });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, formatted);
  await rename(`${path}.new`, path);
}
