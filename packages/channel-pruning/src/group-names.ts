import { WhittleError } from '@whittle/core';
import type { ChannelGroup } from '@whittle/core';

/** Whether a name fits a pattern, in which each `*` stands for any characters, also none. */
export function fitsPattern(name: string, pattern: string): boolean {
  const [first, ...rest] = pattern.split('*');
  if (rest.length === 0) return name === pattern;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - at >= rest.at(-1)!.length && name.endsWith(rest.at(-1)!);
}

/** @throws OPTION_INVALID where a pattern fits the name of no group; the message lists the names */
export function expectGroupNames(
  option: string,
  patterns: readonly string[],
  groups: readonly ChannelGroup[],
): void {
  const unknown = patterns.find((pattern) => !groups.some(({ name }) => fitsPattern(name, pattern)));
  if (unknown !== undefined)
    throw new WhittleError(
      'OPTION_INVALID',
      `option '${option}': no channel group is named '${unknown}', expected some of: ${groups.map(({ name }) => name).join(', ')}`,
    );
}
