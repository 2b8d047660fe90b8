/** What a person typed, from what Slack makes of it: https://docs.slack.dev/messaging/formatting-message-text. */

/**
 * `&lt;` becomes `<`, a link the text that was typed (`<http://db-7.example.com|db-7.example.com>`), a mention the name that Slack took for
 * one (`<@U1|db>` becomes "@db"). One pass: what comes out is not looked at again.
 */
export function typedText(text: string): string {
  return text.replace(
    /<([@#!][^<>|]*|[a-z]+:[^<>|]*)(?:\|([^<>]*))?>|&(amp|lt|gt);/gu,
    (_, target: string | undefined, label, entity) =>
      entity === undefined ? typedLink(target ?? '', label) : (ENTITIES[entity as keyof typeof ENTITIES] ?? ''),
  );
}

const ENTITIES = { amp: '&', lt: '<', gt: '>' } as const;

function typedLink(target: string, label: string | undefined): string {
  const [sigil = '', rest] = [target.slice(0, 1), target.slice(1)];
  const said = plain(label ?? '');
  switch (sigil) {
    case '@':
    case '#':
      return `${sigil}${said === '' ? rest : said.replace(/^[@#]/u, '')}`;
    case '!':
      // "<!here>", "<!subteam^S1|@db>".
      return `@${(said === '' ? rest : said).replace(/^@/u, '')}`;
    default:
      return said === ''
        ? plain(target)
            .replace(/^[a-z]+:(?:\/\/)?/u, '')
            .replace(/\/$/u, '')
        : said;
  }
}

const plain = (text: string): string =>
  text.replace(/&(amp|lt|gt);/gu, (_, entity: keyof typeof ENTITIES) => ENTITIES[entity]);
