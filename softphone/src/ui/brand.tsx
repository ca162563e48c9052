/** The product's mark and name. */
export function Brand() {
  return (
    <span className="brand">
      <Mark />
      Legwork
    </span>
  );
}

/** The same as public/favicon.svg; in the text, because a page that hosts the panel has no such file. */
function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden>
      <rect width="32" height="32" rx="9" fill="#0f5c5c" />
      <g fill="none" strokeLinecap="round" strokeLinejoin="round">
        <path d="M9 22V9m0 13h6.5" stroke="#fff" strokeWidth="3.2" />
        <path d="M18.5 12.5a5 5 0 0 1 5 5M18.5 8a9.5 9.5 0 0 1 9.5 9.5" stroke="#f4b860" strokeWidth="2.4" />
      </g>
    </svg>
  );
}
