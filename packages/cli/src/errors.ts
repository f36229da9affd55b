/** The code that the command line throws beside those of the packages: what can't be written, and what was not foreseen. */
export type CliErrorCode = 'FILE_UNWRITABLE' | 'INTERNAL';
