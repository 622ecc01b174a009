// Removes user and password from URLs of queues in text.
// Source: RFC 3986, section 3.2.1.

/** Replaces `redis://user:password@host` with `redis://***@host` in `text`; a password may contain any character except white space. */
export function withoutPassword(text: string): string {
  return text.replace(/(rediss?:\/\/)\S*@/gi, "$1***@");
}
