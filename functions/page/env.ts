/** Who looks at a page, and what every page is drawn with. */
import type { TokenHolder } from '../auth/authenticate.ts';

export interface Viewer {
  readonly holder: TokenHolder;
  /** Of the session: never to be shown. */
  readonly secret: string;
}

export interface PageEnv {
  Variables: {
    /** Set by the guard of each page that wants one. */
    viewer: Viewer;
  };
}

export interface Frame {
  /**
   * What leads from this page to the first one: "./", "../". Every link begins with it, so that the page works below any path of a reverse
   * proxy.
   */
  readonly root: string;
  /** Absent where nobody is signed in. */
  readonly viewer?: Viewer;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** @param url of the request, as it reached us */
export function rootOf(url: string): string {
  const depth = new URL(url).pathname.split('/').length - 2;
  return depth <= 0 ? './' : '../'.repeat(depth);
}
