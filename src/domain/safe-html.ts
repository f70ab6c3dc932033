declare const safeHtml: unique symbol;

/** HTML that has passed the allow-list. Only `sanitize/` makes it; only it may reach `raw()` in a page. */
export type SafeHtml = string & { readonly [safeHtml]: true };
