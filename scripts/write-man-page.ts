/** npm run man: the manual page as the package carries it. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { manPage } from './man-page.ts';

writeFileSync(fileURLToPath(new URL('../man/whodisk.1', import.meta.url)), manPage(packageJson.version));
