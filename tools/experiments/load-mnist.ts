import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadIdx } from '@whittle/datasets';
import type { Dataset } from '@whittle/datasets';

/** The two parts of MNIST in a folder whose files begin as the published ones do: they may hold the first images alone. */
export async function loadMnist(
  folder: string,
): Promise<{ readonly train: Dataset; readonly test: Dataset }> {
  const files = await readdir(folder);
  const part = (prefix: string) => {
    const find = (kind: string) => {
      const name = files.find((file) => file.startsWith(prefix) && file.includes(kind));
      if (name === undefined) throw new Error(`${folder} has no file ${prefix}...${kind}`);
      return join(folder, name);
    };
    return loadIdx({ images: find('images-idx3-ubyte'), labels: find('labels-idx1-ubyte') });
  };
  return { train: await part('train'), test: await part('t10k') };
}
