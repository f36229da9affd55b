import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

/** The value of an option that is given once. A value that is missing is not taken from the option behind it. */
export function once(value: string, last: string | false | undefined): string {
  expectOnce(last);
  return expectValue(value);
}

/** The values of an option that may be repeated. */
export function collect(value: string, all: readonly string[] = []): string[] {
  return [...all, expectValue(value)];
}

/** Names with commas between them. */
export function names(value: string, last: readonly string[] | undefined): string[] {
  expectOnce(last);
  const list = expectValue(value)
    .split(',')
    .map((name) => name.trim());
  if (list.includes('')) throw new InvalidArgumentError('expected names with commas between them');
  return list;
}

function expectValue(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('expected a value, found an empty text');
  if (value.startsWith('--')) throw new InvalidArgumentError('expected a value, found another option');
  return value;
}

/** What `--no-NAME` has set is false. */
function expectOnce(last: unknown): void {
  if (last !== undefined && last !== false)
    throw new InvalidArgumentError('it was given before, expected once');
}

/** Refuses `--NAME` together with `--no-NAME`, whichever is first. */
export function expectOneOf(command: Command, name: string): Command {
  const given = new Map<string, string>();
  const note = (option: string) => (value: unknown) => {
    given.set(option, typeof value === 'string' ? `${option} ${value}` : option);
    if (given.size > 1)
      command.error(`error: ${[...given.values()].join(' and ')} were given, expected one of them`);
  };
  return command.on(`option:${name}`, note(`--${name}`)).on(`option:no-${name}`, note(`--no-${name}`));
}
