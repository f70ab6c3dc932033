/** Plural forms of one phrase; which of them a language needs, Intl.PluralRules says. */
export type Plural = { readonly [form in Intl.LDMLPluralRule]?: string } & { readonly other: string };

/** A tree of phrases. `{slot}` marks where a value goes. */
export interface UiWords {
  readonly [key: string]: string | readonly string[] | UiWords;
}

/** The same tree with any text: what every other language must fill in. */
export type SameWords<T> = T extends string
  ? string
  : T extends readonly string[]
    ? { readonly [I in keyof T]: string }
    : T extends { readonly one: string; readonly other: string }
      ? Plural
      : { readonly [K in keyof T]: SameWords<T[K]> };
