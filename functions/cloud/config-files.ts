/** The files of the configuration in the cloud, wherever they are kept: in the package of the function, or in S3 (s3-config-files.ts). */

export type ConfigFiles =
  /** Absolute, with whodisk.yml at its top. */
  | { readonly kind: 'folder'; readonly folder: string }
  /** What is kept there cannot be used as it is, a sentence: somebody has to mend it. */
  | { readonly kind: 'problem'; readonly problem: string }
  /** It could not be had this time, a sentence with what to do. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** Looks again each time that it is called; not to be called again before it has answered. Never rejects. */
export type ReadConfigFiles = () => Promise<ConfigFiles>;

/** @param folder absolute; nothing is copied */
export const packagedFiles =
  (folder: string): ReadConfigFiles =>
  async () => ({ kind: 'folder', folder });
