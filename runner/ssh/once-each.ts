/** Work whose answer serves a whole sweep. */

/** The work for each key, begun when it is first asked for and never again; what is handed to it later makes no difference. */
export function onceEach<Rest extends unknown[], T>(work: (key: string, ...rest: Rest) => Promise<T>) {
  const answers = new Map<string, Promise<T>>();
  return (key: string, ...rest: Rest): Promise<T> => {
    const answer = answers.get(key) ?? work(key, ...rest);
    answers.set(key, answer);
    return answer;
  };
}
