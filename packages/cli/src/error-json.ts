import type { WhittleError } from '@whittle/core';

interface ToldError {
  readonly code: string;
  readonly message: string;
  /** The node or layer where it arose. */
  readonly node?: string;
}

/** An error as `--json` prints it; `problems` where several things were looked at and some went wrong. */
export interface ErrorJson {
  readonly error: ToldError & { readonly problems?: readonly ToldError[] };
}

export function errorJson(error: WhittleError): ErrorJson {
  const problems = error.problems?.map(told);
  return { error: { ...told(error), ...(problems && { problems }) } };
}

function told({ code, message, node }: WhittleError): ToldError {
  return { code, message, ...(node !== undefined && { node }) };
}
