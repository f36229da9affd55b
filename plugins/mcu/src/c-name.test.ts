import { expect, test } from 'vitest';
import { cIdentifier, NameScope } from './c-name.js';

test('any text becomes an identifier', () => {
  expect(cIdentifier('conv1/kernel:0')).toBe('conv1_kernel_0');
  expect(cIdentifier('int')).toBe('v_int');
  expect(cIdentifier('class')).toBe('v_class');
  expect(cIdentifier('3x3')).toBe('v_3x3');
  expect(cIdentifier('')).toBe('v_');
});

test('each once', () => {
  const scope = new NameScope();
  expect([scope.take('a/b'), scope.take('a.b'), scope.take('a_b_2'), scope.take('a-b')]).toEqual([
    'a_b',
    'a_b_2',
    'a_b_2_2',
    'a_b_3',
  ]);
});
