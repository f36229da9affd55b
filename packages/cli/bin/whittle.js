#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { register } from 'node:module';

const source = new URL('../src/index.ts', import.meta.url);

/** The sources of a checkout run as they are; an installed package has its build. */
async function load() {
  const installed = source.pathname.includes('/node_modules/');
  if (installed || !existsSync(source)) return import('../dist/index.js');
  const tsx = await import('tsx/esm/api');
  tsx.register();
  register('./prefer-source.js', import.meta.url);
  return import(source.href);
}

const { main } = await load();
process.exitCode = await main(process.argv.slice(2));
