/** A course over time as a line of bars. */

/** @param trend digits, 0 to 9, as in a ranking row @param label what a person who does not see it is told */
export function Spark({ trend, label }: { readonly trend: string; readonly label: string }) {
  const bars = [...trend].map((digit, index) => `M${index * 4 + 1.5} 20v-${2 + Number(digit) * 2}`);
  return (
    <svg
      class="spark"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${trend.length * 4} 20`}
      width={trend.length * 4}
      height="20"
    >
      <path d={bars.join('')} />
    </svg>
  );
}
