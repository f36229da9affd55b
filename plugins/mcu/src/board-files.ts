import type { Board } from './targets/index.js';

/** The files of this package that a program for a board is linked with. */
export function boardFiles({ name }: Board): string[] {
  return ['boards/startup.c', 'boards/sections.ld', `boards/${name}/link.ld`];
}
