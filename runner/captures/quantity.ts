/** Figures as sysstat and top print them: "32768.00", "7270,44" (a comma by locale), "9.4M" (--human), "99.2%". */
const FIGURE = /^(-?\d{1,15}(?:[.,]\d{1,6})?)([kKmMgGtTpP]?)(?:i?B?|%)$/u;
const FACTORS: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4, p: 1024 ** 5 };

/** @param unit what a figure without a suffix counts in; with one it counts in bytes. undefined where it is no figure */
export function quantityOf(text: string | undefined, unit = 1): number | undefined {
  const [, figure, suffix] = FIGURE.exec(text ?? '') ?? [];
  if (figure === undefined) return undefined;
  const value = Number(figure.replace(',', '.'));
  return value * (suffix ? (FACTORS[suffix.toLowerCase()] ?? 1) : unit);
}
