/** Chromium on the page, with everything noticed that a page must not do. */
import axe from 'axe-core';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';

export interface Looker {
  /** A window of its own, with cookies of its own. */
  open(options?: BrowserContextOptions): Promise<Page>;
  /** Errors, refusals of the policy, dialogs, and requests to elsewhere, of all windows. */
  readonly mishaps: readonly string[];
  close(): Promise<void>;
}

/** @param origin the only one that a page may ask */
export async function startChromium(origin: string): Promise<Looker> {
  // Root has no sandbox of its own to give; nothing is loaded but what is served here.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
  const mishaps: string[] = [];
  return {
    mishaps,
    async open(options = {}) {
      const context = await browser.newContext(options);
      context.on('weberror', (error) => mishaps.push(`error: ${error.error().message}`));
      context.on('dialog', (dialog) => mishaps.push(`dialog: ${dialog.message()}`));
      context.on('console', (message) => {
        // Chromium says there of each answer above 399 that it was one, which is no mishap.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          mishaps.push(`console: ${message.text()}`);
        }
      });
      context.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) mishaps.push(`request: ${url}`);
      });
      return await context.newPage();
    },
    close: () => browser.close(),
  };
}

/** What axe (https://github.com/dequelabs/axe-core) finds wrong by WCAG 2.2 AA and good practice: "rule: element". */
export async function axeFinds(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const options = JSON.stringify({ runOnly: tags });
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(document, ${options})`);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

/** How many pixels it is wider than the window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
