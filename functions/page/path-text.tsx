/** Text in a narrow place: where it holds a path, its lines end after a slash rather than within a name. */

export function PathText({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(/(?<=.\/)/u).map((part, index) => (
        <>
          {index > 0 && <wbr />}
          {part}
        </>
      ))}
    </>
  );
}
