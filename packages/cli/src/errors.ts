/**
 * The codes that the command line throws beside those of the packages: a command line that is wrong, what can't be written,
 * a folder with what would be lost, and what was not foreseen.
 */
export type CliErrorCode = 'USAGE_INVALID' | 'FILE_UNWRITABLE' | 'FOLDER_OCCUPIED' | 'INTERNAL';
