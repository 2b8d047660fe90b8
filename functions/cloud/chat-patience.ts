/**
 * How long a slash command waits for its answer before it is told that the answer follows, for ChatDeps.patienceMs; from when API Gateway had
 * it (ChatDeps.askedAtMs), so that a cold start counts.
 *
 * Slack waits three seconds (https://docs.slack.dev/interactivity/handling-user-interaction), of which the network takes a part. On one machine
 * 0.8 s are better, since an answer that follows costs nothing there. Here it costs the first one: Lambda stops a function as soon as it has
 * answered, so http-function.ts keeps the answer back until what follows is on its way to the response_url. By then Slack may have told the
 * person that nobody answered; the real answer comes all the same, and none is lost.
 */
export const CHAT_PATIENCE_MS = 2300;
