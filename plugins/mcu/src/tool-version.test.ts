import { expect, test } from 'vitest';
import { versionIn } from './tool-version.js';

test.each([
  ['arm-none-eabi-gcc (15:12.2.rel1-1) 12.2.1 20221205\nCopyright', '12.2.1'],
  ['cc (Debian 12.2.0-14+deb12u1) 12.2.0', '12.2.0'],
  ['Debian clang version 14.0.6\nTarget: x86_64-pc-linux-gnu', '14.0.6'],
  ['QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)', '7.2.22'],
  ['Apple clang version 15.0.0 (clang-1500.3.9.4)', '15.0.0'],
  ['a compiler of its own', 'a compiler of its own'],
])('the version in %j', (text, version) => expect(versionIn(text)).toBe(version));
