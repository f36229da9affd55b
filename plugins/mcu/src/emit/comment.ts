/** A text fit for a C comment. */
export function inComment(text: string): string {
  return text.replaceAll('*/', '* /').replace(/\s+/g, ' ');
}
