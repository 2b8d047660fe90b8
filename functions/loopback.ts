/** This machine, by its literal addresses. */

/** Whether a host is a loopback address as WHATWG URL writes it, with or without brackets. A name is none: it may lead anywhere. */
export function isLoopbackLiteral(host: string): boolean {
  return host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/u.test(host);
}
