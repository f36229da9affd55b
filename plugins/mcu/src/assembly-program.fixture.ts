import { basename, join } from 'node:path';
import { boardFiles } from './board-files.js';
import { compileSources } from './compile.js';
import { packageFile } from './package-file.js';
import type { Target } from './targets/index.js';
import { runTool } from './tool.js';
import { writeFiles } from './work-folder.js';

/** Builds a program for a target's board that runs some lines of assembly between the two markers. Returns its path. */
export async function assemblyProgram(body: string, target: Target, folder: string): Promise<string> {
  const board = target.emulator!.board!;
  const files = new Map([['program.S', source(body)]]);
  for (const path of boardFiles(board)) files.set(basename(path), await packageFile(path));
  await writeFiles(folder, files);
  const objects = await compileSources(files.keys(), target, folder);
  const program = join(folder, 'program.elf');
  const options = [...target.flags, ...target.emulator!.linkFlags, '-T', 'link.ld'];
  await runTool(target.compiler, [...options, ...objects.values(), '-o', program], { cwd: folder });
  return program;
}

const marker = (name: string) => `
  .global ${name}
  .type ${name}, %function
${name}:
  bx lr
  .size ${name}, . - ${name}`;

function source(body: string): string {
  return `
  .syntax unified
  .thumb
  .text
${marker('harness_begin')}
${marker('harness_end')}
  .global main
  .type main, %function
main:
  push {r4-r7, lr}
  sub sp, #44
  bl harness_begin
${body}
  bl harness_end
  add sp, #44
  movs r0, #0
  pop {r4-r7, pc}
  .size main, . - main
`;
}
