/** A record under construction: its optional fields are set one by one where they could be had. */
export type Draft<T> = { -readonly [Field in keyof T]: T[Field] };
