import type { Project } from '../project.js';
import { markdownTable } from './markdown-table.js';

/** What a project was made with. Holds nothing that differs from one machine or day to another. */
export interface Origin {
  readonly optimize: string;
  /** Bytes, where there are limits. */
  readonly ramBytes: number;
  readonly flashBytes: number;
  /** Version of this package. */
  readonly version: string;
  /** Name and version, where sizes were measured. */
  readonly compiler?: string;
  /** In words, of what `optimize` did. */
  readonly notes: readonly string[];
}

/** The origin as a section of README.md. */
export function originSection({ program, target }: Project, origin: Origin): string {
  const { optimize, ramBytes, flashBytes, version, compiler, notes } = origin;
  const limits = [
    ...(Number.isFinite(ramBytes) ? [`${ramBytes} bytes of RAM`] : []),
    ...(Number.isFinite(flashBytes) ? [`${flashBytes} bytes of flash`] : []),
  ];
  const rows = [
    ['model', program.model.name],
    ['target', target.name],
    ['optimized for', optimize],
    ['limits', limits.join(', ') || 'none'],
    ['Whittle', version],
    ['measured with', compiler ? `${compiler}, ${target.flags.join(' ')}` : 'nothing: there was no compiler'],
  ];
  return `## Made from

${markdownTable(['', ''], rows)}
${notes.map((note) => `${note}\n\n`).join('')}`;
}
