/** Our own mark: streams that meet and become one. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 26 26" aria-hidden className={className}>
      <rect width="26" height="26" rx="7" fill="var(--accent)" />
      <path
        d="M6 6.5h4.2c5 0 2.6 6.5 5.3 6.5M6 13h14M6 19.5h4.2c5 0 2.6-6.5 5.3-6.5"
        fill="none"
        stroke="#fff"
        strokeWidth="2.1"
        strokeLinecap="round"
      />
      <circle cx="20" cy="13" r="2.4" fill="#fff" />
    </svg>
  );
}
