/** What is known of a feed beside its bytes. */
export interface FeedContext {
  /** The `Content-Type` header, with its charset. */
  contentType: string | null;
  /** Where the bytes came from, after redirects: base of relative links. */
  url: string | null;
  /** IANA zone for dates that name none. */
  timeZone?: string;
}
