/** Text with the colours of a terminal → a picture of it, as one SVG that needs no font, script or file from elsewhere. */
import stringWidth from 'string-width';

const CELL = { width: 8.4, height: 19 };
const MARGIN = 16;
const TITLE_HEIGHT = 34;
const FONT = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";
const COLOURS = {
  text: '#d6dbe3',
  ground: '#14181f',
  bar: '#1f2530',
  faint: '#8b95a5',
  /** By number: the sixteen of SGR 30 to 37 and 90 to 97, each with at least 4.5:1 on the ground but for black. */
  named: [
    ...['#4b5563', '#ff7b72', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#d6dbe3'],
    ...['#8b95a5', '#ffa198', '#7ee787', '#f2cc60', '#a5d6ff', '#e2c5ff', '#7de3ea', '#ffffff'],
  ],
};

interface Style {
  readonly isBold?: boolean;
  readonly isFaint?: boolean;
  readonly isInverse?: boolean;
  readonly front?: string | undefined;
  readonly back?: string | undefined;
}

/** What stands side by side in one style; `column` and `width` as a terminal counts. */
interface Run {
  readonly text: string;
  readonly column: number;
  readonly width: number;
  readonly style: Style;
}

/**
 * @param text lines with SGR sequences (ECMA-48 8.3.117), as `tmux capture-pane -e -p` prints them; other control characters are shown
 *   as U+FFFD
 * @param options.columns how many the picture is wide
 */
export function terminalSvg(text: string, { title, columns }: { title: string; columns: number }): string {
  const lines = linesOf(text.replace(/\s+$/u, ''));
  const width = Math.round(columns * CELL.width + 2 * MARGIN);
  const height = TITLE_HEIGHT + lines.length * CELL.height + 2 * MARGIN;
  const drawn = lines.flatMap((runs, row) => runs.map((run) => drawRun(run, row)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${COLOURS.ground}"/>`,
    `<path d="M0 8a8 8 0 0 1 8-8h${width - 16}a8 8 0 0 1 8 8v${TITLE_HEIGHT - 8}H0z" fill="${COLOURS.bar}"/>`,
    ...['#ff7b72', '#e3b341', '#56d364'].map(
      (fill, index) => `<circle cx="${18 + index * 18}" cy="${TITLE_HEIGHT / 2}" r="5.5" fill="${fill}"/>`,
    ),
    `<g font-family="${FONT}" font-size="14" fill="${COLOURS.text}">`,
    `<text x="${width / 2}" y="${TITLE_HEIGHT / 2 + 5}" text-anchor="middle" font-size="13" fill="${COLOURS.faint}">${escaped(title)}</text>`,
    ...drawn,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function linesOf(text: string): Run[][] {
  // A style lasts beyond the end of a line.
  let style: Style = {};
  return text.split('\n').map((line) => {
    const runs: Run[] = [];
    let column = 0;
    for (const part of line.split(/(\x1b\[[0-9;]*m)/u)) {
      if (part.startsWith('\x1b[') && part.endsWith('m')) {
        style = changed(style, part.slice(2, -1).split(';').map(Number));
        continue;
      }
      const shown = withoutControls(part);
      const width = stringWidth(shown);
      if (shown !== '') runs.push({ text: shown, column, width, style });
      column += width;
    }
    return runs;
  });
}

function changed(before: Style, codes: readonly number[]): Style {
  let style = before;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) style = {};
    else if (code === 1) style = { ...style, isBold: true };
    else if (code === 2) style = { ...style, isFaint: true };
    else if (code === 7) style = { ...style, isInverse: true };
    else if (code === 22) style = { ...style, isBold: false, isFaint: false };
    else if (code === 27) style = { ...style, isInverse: false };
    else if (code === 39) style = { ...style, front: undefined };
    else if (code === 49) style = { ...style, back: undefined };
    else if (code === 38 || code === 48) {
      // 5;N or 2;R;G;B: of these only the first sixteen are drawn.
      const colour = codes[at + 1] === 5 ? COLOURS.named[codes[at + 2] ?? -1] : undefined;
      style = { ...style, [code === 38 ? 'front' : 'back']: colour };
      at += codes[at + 1] === 5 ? 2 : 4;
    } else {
      const named = colourOf(code);
      if (named !== undefined) style = { ...style, ...named };
    }
  }
  return style;
}

function colourOf(code: number): Style | undefined {
  const tens = Math.floor(code / 10);
  const named = COLOURS.named[(code % 10) + (tens >= 9 ? 8 : 0)];
  if (code % 10 > 7) return undefined;
  if (tens === 3 || tens === 9) return { front: named };
  return tens === 4 || tens === 10 ? { back: named } : undefined;
}

function drawRun({ text, column, width, style }: Run, row: number): string {
  const x = (MARGIN + column * CELL.width).toFixed(1);
  const top = TITLE_HEIGHT + MARGIN + row * CELL.height;
  const length = (width * CELL.width).toFixed(1);
  const front = style.isInverse ? (style.back ?? COLOURS.ground) : style.front;
  const back = style.isInverse ? (style.front ?? COLOURS.text) : style.back;
  const behind =
    back === undefined ? '' : `<rect x="${x}" y="${top}" width="${length}" height="${CELL.height}" fill="${back}"/>`;
  if (text.trim() === '') return behind;
  const look = [
    ...(front === undefined ? [] : [`fill="${front}"`]),
    ...(style.isBold ? ['font-weight="600"'] : []),
    ...(style.isFaint ? ['opacity="0.65"'] : []),
  ];
  // Whatever font there is, the columns stay where they are.
  const place = `x="${x}" y="${top + 14}" textLength="${length}" xml:space="preserve"`;
  return `${behind}<text ${[place, ...look].join(' ')}>${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return withoutControls(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** What XML 1.0 has no place for, and what is no character. */
function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '\ufffd');
}
