import { expect, test } from 'vitest';
import { channelGroups } from '@whittle/core';
import { resnet8 } from '@whittle/zoo';
import { expectGroupNames, fitsPattern } from './group-names.js';

test.each([
  ['conv3', 'conv3', true],
  ['conv3', 'conv', false],
  ['conv3/a', 'conv3*', true],
  ['conv3', 'conv3*', true],
  ['block/conv', '*conv', true],
  ['a/b/c', 'a*b*c', true],
  ['ab', 'a*b*b', false],
  ['aba', 'ab*ba', false],
  ['anything', '*', true],
  ['a.c', 'a?c', false],
])('%s and the pattern %s: %s', (name, pattern, fits) => {
  expect(fitsPattern(name, pattern)).toBe(fits);
});

test('a pattern that fits no group is refused with the names', () => {
  const { groups } = channelGroups(resnet8());
  expect(() => expectGroupNames('exclude', ['conv1', 'no*'], groups)).toThrowError(
    expect.objectContaining({
      code: 'OPTION_INVALID',
      message: expect.stringMatching(/'exclude'.*'no\*'.*conv1/) as string,
    }),
  );
  expect(() => expectGroupNames('exclude', ['conv1', '*'], groups)).not.toThrow();
});
