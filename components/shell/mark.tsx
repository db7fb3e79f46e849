/** The mark: an H that is a ladder; the middle rung is the accent. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 26 26" aria-hidden="true" className="text-ink">
      <rect x="4" y="2" width="4" height="22" rx="1" fill="currentColor" />
      <rect x="18" y="2" width="4" height="22" rx="1" fill="currentColor" />
      <rect x="8" y="5.2" width="10" height="1.6" fill="currentColor" opacity=".32" />
      <rect x="8" y="11" width="10" height="4" fill="var(--accent)" />
      <rect x="8" y="19.2" width="10" height="1.6" fill="currentColor" opacity=".32" />
    </svg>
  );
}
