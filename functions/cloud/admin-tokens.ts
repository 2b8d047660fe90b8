/** The tokens of the API's admins in the cloud: a secret of one token, or of two while one takes the other's place. */
import type { AdminTokens } from '../auth/authenticate.ts';
import { isToken } from '../auth/token.ts';
import type { SecretReader } from './secret-reader.ts';

/** One token to a line. What is no token of whodisk counts as none: a word that somebody thought of could be guessed. */
export function adminTokensOf(secret: SecretReader): AdminTokens {
  return async () => {
    const read = await secret.read();
    if ('problem' in read) return read;
    const words = read.text.split(/\s+/u).filter((word) => word !== '');
    const tokens = words.filter(isToken);
    if (tokens.length === words.length && tokens.length > 0) return { tokens };
    return {
      tokens,
      problem: `The secret ${secret.name} holds something else than tokens, one to a line: each is whodisk_ and 43 characters.`,
    };
  };
}
