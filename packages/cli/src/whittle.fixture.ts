import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { dump } from 'npyjs';
import { onTestFinished } from 'vitest';
import type { Model, Tensor } from '@whittle/core';
import { int8Suites } from '@whittle/testkit';
import { emitTflite } from '@whittle/tflite';
import { main } from './main.js';

const bin = fileURLToPath(new URL('../bin/whittle.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts the command as a user would. */
export function startWhittle(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
    ([[code], out, err]): Ended => ({ code: code as number | null, out, err }),
  );
  return { child, ended };
}

export function whittle(...args: readonly string[]): Promise<Ended> {
  return startWhittle(args).ended;
}

/** Runs the command as a shell would, by a line with `whittle` in it. */
export async function whittleInShell(line: string, model: string): Promise<Ended> {
  const child = spawn('bash', ['-o', 'pipefail', '-c', `whittle() { "$NODE" "$BIN" "$@"; }; ${line}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE: process.execPath, BIN: bin, MODEL: model },
  });
  const [[code], out, err] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code: code as number | null, out, err };
}

/** Runs the command in this process. */
export async function runMain(...args: readonly string[]): Promise<Ended> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const texts = Promise.all([text(out), text(err)]);
  const code = await main(args, { out, err });
  out.end();
  err.end();
  const [outText, errText] = await texts;
  return { code, out: outText, err: errText };
}

/** What `--json` printed: one object on one line, and nothing else. */
export function jsonOf({ out }: Ended): Record<string, unknown> {
  const lines = out.trimEnd().split('\n');
  if (lines.length !== 1) throw new Error(`expected one line on standard output, found ${lines.length}`);
  return JSON.parse(lines[0]) as Record<string, unknown>;
}

/** An empty folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'whittle-cli-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An int8 network of one input, [1, 3, 7, 3], and two outputs. */
export const [network] = int8Suites([4])
  .find(({ name }) => name === 'network')!
  .cases();

export async function writeTflite(folder: string, model: Model = network.model): Promise<string> {
  const path = join(folder, 'network.tflite');
  writeFileSync(path, await emitTflite(model));
  return path;
}

/** Writes a .npy file. */
export function writeNpy(path: string, { data, shape }: Tensor): string {
  writeFileSync(path, new Uint8Array(dump(data as Int8Array, [...shape])));
  return path;
}
