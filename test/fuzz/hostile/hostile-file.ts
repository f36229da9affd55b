/** What lies in a folder: bytes, or a link to somewhere. */
export type Content = Uint8Array | { readonly linkTo: string };

/** A model that somebody made to do harm, and what must become of it. */
export interface HostileFile {
  readonly name: string;
  /** By path from the model's folder; `../x` lies beside the folder. */
  readonly files: Readonly<Record<string, Content>>;
  /** The file that is read, of `files`. */
  readonly model: string;
  /** How it is to be taken: `read`, or the code of the error. */
  readonly outcome: 'read' | 'FORMAT_INVALID' | 'OP_UNSUPPORTED' | 'FILE_UNREADABLE' | 'MODEL_INVALID';
}

/** One file by itself. */
export function alone(
  name: string,
  outcome: HostileFile['outcome'],
  model: string,
  bytes: Uint8Array,
): HostileFile {
  return { name, outcome, model, files: { [model]: bytes } };
}

export function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
}

/** `text` so many times. */
export function repeated(text: string, times: number, between = ''): string {
  return new Array<string>(times).fill(text).join(between);
}
