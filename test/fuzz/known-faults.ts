import type { Fault } from './fuzz-reader.js';

/** What a reader is known to do wrong, and why it stays so for now. */
export interface KnownFault {
  readonly format: string;
  readonly sample: string;
  readonly message: RegExp;
  readonly reason: string;
}

/** A fault that the tests' mutations don't show any more is to be taken off the list: they fail until it is. */
export const knownFaults: readonly KnownFault[] = [];

export function isKnown(fault: Fault): boolean {
  return knownFaults.some(
    ({ format, sample, message }) =>
      format === fault.format && sample === fault.sample && message.test(fault.message),
  );
}
