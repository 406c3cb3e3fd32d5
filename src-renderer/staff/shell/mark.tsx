/** The product's mark: the curve on which two eyes see one point. */
export function Mark({ size = 30 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      role="img"
      aria-label="Horopter"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.9"
      strokeLinecap="round"
    >
      <path d="M4.5 22.5A13 13 0 0 1 27.5 22.5" />
      <path d="M9 27 16 9.8 23 27" opacity=".45" strokeWidth="1.5" />
      <circle cx="16" cy="9.6" r="2.7" fill="currentColor" stroke="none" />
      <circle cx="9" cy="27" r="1.9" fill="currentColor" stroke="none" />
      <circle cx="23" cy="27" r="1.9" fill="currentColor" stroke="none" />
    </svg>
  );
}

const points = [
  [91.3, 277],
  [142.5, 161.1],
  [222.7, 104.7],
  [300, 90],
  [377.3, 104.7],
  [457.5, 161.1],
  [508.7, 277],
] as const;

/** The horopter itself, for the two screens that stand before the work. */
export function HoropterArt() {
  return (
    <svg className="art" viewBox="60 60 480 500" aria-hidden="true">
      <path className="far" d="M230 498A210 210 0 1 1 370 498" />
      {points.map(([x, y]) => (
        <g key={x}>
          <path className={x === 300 ? "ray on" : "ray"} d={`M230 498 ${x} ${y}`} />
          <path className={x === 300 ? "ray on" : "ray"} d={`M370 498 ${x} ${y}`} />
        </g>
      ))}
      {points.map(([x, y]) => (
        <circle key={x} className={x === 300 ? "pt on" : "pt"} cx={x} cy={y} r={x === 300 ? 9 : 5} />
      ))}
      {[230, 370].map((x) => (
        <g key={x}>
          <circle className="ey" cx={x} cy="512" r="26" />
          <path className="co" d={`M${x - 17} 492Q${x} 504 ${x + 17} 492`} />
        </g>
      ))}
    </svg>
  );
}
