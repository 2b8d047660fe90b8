/** A word to the person that would be the same every time. */

/** What is wrong in every sweep is said once. */
export function onceEach(say: (text: string) => Promise<void>): (text: string | undefined) => Promise<void> {
  const said = new Set<string>();
  return async (text) => {
    if (text === undefined || said.has(text)) return;
    said.add(text);
    await say(text);
  };
}
