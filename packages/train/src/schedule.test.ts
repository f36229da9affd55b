import { describe, expect, test } from 'vitest';
import { cosine, stepSchedule, valueOf, warmUp } from './index.js';

const at = (step: number) => ({ step, stepsPerEpoch: 10, epochs: 10 });

describe('schedules', () => {
  test('steps', () => {
    const schedule = stepSchedule({ initial: 1, factor: 0.1, at: [0.5, 0.75] });
    expect([0, 49, 50, 74, 75, 99].map((s) => schedule(at(s)))).toEqual([
      1,
      1,
      0.1,
      0.1,
      0.1 * 0.1,
      0.1 * 0.1,
    ]);
  });
  test('cosine', () => {
    const schedule = cosine({ initial: 1, final: 0.2 });
    expect(schedule(at(0))).toBe(1);
    expect(schedule(at(50))).toBeCloseTo(0.6, 12);
    expect(schedule(at(100))).toBeCloseTo(0.2, 12);
  });
  test('warm-up rises to the schedule', () => {
    const schedule = warmUp(0.5, 2);
    expect([0, 9, 19, 50].map((s) => valueOf(schedule, at(s)))).toEqual([0.025, 0.25, 0.5, 0.5]);
  });
  test('parts that do not ascend are refused', () => {
    expect(() => stepSchedule({ initial: 1, at: [0.75, 0.5] })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
    expect(() => warmUp(1, 0)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});
