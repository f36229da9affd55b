import { eslint } from './eslint.js';

const { code, output } = await eslint(process.argv.slice(2), { stream: true });
process.stderr.write(output);
process.exitCode = code;
