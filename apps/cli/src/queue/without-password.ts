// Text that may be shown: a URL of a queue in it loses its user and password.
// Source: RFC 3986, section 3.2.1.

/** `redis://***@host` for `redis://user:password@host`, wherever it is in `text`; a password may have any character but white space. */
export function withoutPassword(text: string): string {
  return text.replace(/(rediss?:\/\/)\S*@/gi, "$1***@");
}
