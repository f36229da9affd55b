import { WhittleError } from '@whittle/core';

/** A file that is damaged or contradicts itself. */
export function invalid(where: string, message: string, cause?: unknown): WhittleError {
  return new WhittleError('FORMAT_INVALID', `Keras: ${where}: ${message}`, {
    plugin: 'keras',
    node: where,
    cause,
  });
}

/** Something that Keras has and models don't. */
export function unsupported(where: string, message: string): WhittleError {
  return new WhittleError('OP_UNSUPPORTED', `Keras: ${where}: ${message}`, { plugin: 'keras', node: where });
}

/** What of a network can't be read, for `throwUnread`. */
export const unreadKind = { format: 'Keras', plugin: 'keras', noun: 'layer' };

/** A value from a file, short enough for a message. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
