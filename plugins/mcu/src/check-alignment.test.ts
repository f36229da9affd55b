import { expect, test } from 'vitest';
import { assemblyProgram } from './assembly-program.fixture.js';
import { checkAlignment } from './check-alignment.js';
import { emulateCounting } from './emulate.js';
import { findCounter } from './instruction-count.js';
import { cortexM0plus, cortexM4, cortexM55 } from './targets/index.js';
import type { Target } from './targets/index.js';
import { present } from './tools.fixture.js';
import { withWorkFolder } from './work-folder.js';

const scalar = 'mov r2, sp\n  adds r2, #2\n  ldr r1, [r2]';
const vector = 'mov r2, sp\n  adds r2, #2\n  vldrw.u32 q0, [r2]';
const bytes = 'mov r2, sp\n  adds r2, #3\n  vldrb.u8 q0, [r2]';

const cases: readonly (readonly [Target, string, RegExp | undefined])[] = [
  // QEMU faults by itself where an access is not at a multiple of its size.
  [cortexM0plus, scalar, /qemu-system-arm failed/],
  [cortexM4, scalar, undefined],
  [cortexM55, scalar, undefined],
  [cortexM55, bytes, undefined],
  [cortexM55, vector, /fault on cortex-m55: vldrw.u32 q0, \[r2, #0\] at 0x[0-9a-f]+, 4 times/],
];

for (const [target, body, message] of cases)
  test.skipIf(!present(target.compiler, target.emulator!.command) || (!findCounter() && !process.env.CI))(
    `${body.split('\n  ')[2]} on ${target.name} is ${message ? 'refused' : 'allowed'} (needs ${target.compiler} and QEMU)`,
    () =>
      withWorkFolder(async (folder) => {
        const program = await assemblyProgram(body, target, folder);
        const emulated = { ...target, emulator: target.emulator! };
        const run = emulateCounting(emulated, program, findCounter()!, { alignment: true });
        const checked = run.then((counts) => checkAlignment(target, program, counts));
        if (message)
          await expect(checked).rejects.toMatchObject({ message: expect.stringMatching(message) as string });
        else await checked;
      }),
  );
