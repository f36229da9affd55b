import { usageInvalid } from './usage.js';

const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  kib: 2 ** 10,
  m: 1e6,
  mb: 1e6,
  mib: 2 ** 20,
};

/** A size in bytes: K and KB are 1,000, KiB 1,024; M, MB and MiB likewise. @throws USAGE_INVALID */
export function parseBytes(option: string, text: string): number {
  const [, count, unit = ''] = /^(\d+)\s*([a-z]*)$/i.exec(text) ?? [];
  const bytes = Number(count) * (units[unit.toLowerCase()] ?? NaN);
  if (!Number.isSafeInteger(bytes) || bytes < 1)
    throw usageInvalid(
      `${option}: expected a whole number of bytes above 0, or as in 256K, 256KB (1,000), 256KiB (1,024), 1M, 1MB or 1MiB; found '${text}'`,
    );
  return bytes;
}
