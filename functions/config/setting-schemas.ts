/** What settings of whodisk.yml are made of. */
import * as z from 'zod';

export function whole(least: number, most: number): z.ZodInt {
  const error = `give a whole number from ${least} to ${most}.`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

export function text(error: string, isRight: (value: string) => boolean): z.ZodString {
  return z.string({ error }).refine(isRight, { error });
}

export const isPlain = (value: string): boolean =>
  value !== '' && value.length <= 4096 && !/[\p{Cc}\p{Cf}]/u.test(value);

/** What may stand behind "@". */
export const isGroupName = (value: string): boolean => /^[^\s@,[\]\p{Cc}\p{Cf}]{1,128}$/u.test(value);

export const file = text('give the path of a file.', isPlain);

const LONGEST_WINDOW_SECONDS = 60;
export const WINDOW_SECONDS = whole(1, LONGEST_WINDOW_SECONDS);
