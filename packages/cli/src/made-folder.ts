import { mkdir, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A folder that is there now. */
export interface MadeFolder {
  /** The topmost of the folders that were made, if any was. */
  readonly first?: string;
  /** Removes what was made, as far as nothing is in it. */
  undo(): Promise<void>;
}

/** Makes a folder, given by its full path, and those that it is in, where they aren't there. */
export async function makeFolder(folder: string): Promise<MadeFolder> {
  const first = await mkdir(folder, { recursive: true });
  return {
    ...(first !== undefined && { first }),
    async undo() {
      if (first === undefined) return;
      try {
        for (let each = folder; each.length >= first.length; each = dirname(each)) await rmdir(each);
      } catch {
        // Something else is in it by now.
      }
    },
  };
}
