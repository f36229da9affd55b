import { reasonFor } from './run-command.js';

const COMPILERS = { C: ['CC', 'cc', 'gcc', 'clang'], 'C++': ['CXX', 'c++', 'g++', 'clang++'] };

/**
 * Runs the first compiler for `language` that this system has; the environment's CC or CXX comes first.
 *
 * @returns why it could not be compiled, or undefined
 */
export const compile = async (run, language, args) => {
  const [variable, ...names] = COMPILERS[language];
  for (const command of [process.env[variable], ...names]) {
    if (!command) continue;
    const result = await run(command, args);
    if (result.code === 127) continue;
    return result.ok ? undefined : reasonFor(command, result);
  }
  return `it needs a ${language} compiler (Debian: g++), and none of ${names.join(', ')} is there`;
};
