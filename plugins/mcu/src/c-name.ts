const keywords = new Set(
  (
    'auto break case char const continue default do double else enum extern float for goto if inline int long register ' +
    'restrict return short signed sizeof static struct switch typedef union unsigned void volatile while bool true false ' +
    'class delete friend mutable namespace new operator private protected public template this throw try typename using ' +
    'virtual and or not xor main arena'
  ).split(' '),
);

/** A text as a C identifier, for C and C++: 'conv1/kernel:0' becomes conv1_kernel_0. */
export function cIdentifier(text: string): string {
  const name = text.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  return name === '' || /^[0-9]/.test(name) || keywords.has(name) ? `v_${name}` : name;
}

/** Hands out identifiers, each once: a second 'conv1' becomes conv1_2. */
export class NameScope {
  readonly #taken = new Set<string>();

  take(text: string): string {
    const base = cIdentifier(text);
    let name = base;
    for (let i = 2; this.#taken.has(name); i++) name = `${base}_${i}`;
    this.#taken.add(name);
    return name;
  }
}
